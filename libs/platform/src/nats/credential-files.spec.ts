import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { followCredentials } from './credential-files.js';

const EVERY_MS = 40;

describe('files that a connection is made with', () => {
  let directory: string;
  let caFile: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-credentials-'));
    caFile = join(directory, 'ca.pem');
    renew();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const renew = () => {
    const root = { keyPair: generateKeyPair(), commonName: 'Test root', serial: randomSerial(), now: new Date() };
    writeFileSync(caFile, selfSignRoot(root).certificatePem);
  };
  const followed = () => {
    const changed = jest.fn();
    const problem = jest.fn();
    return { changed, problem, stop: followCredentials({ caFile }, { changed, problem, everyMs: EVERY_MS })! };
  };

  it('are told of once when they change', async () => {
    const { changed, problem, stop } = followed();
    await pause(8 * EVERY_MS);
    renew();
    await eventually('it was told', () => changed.mock.calls.length > 0);
    await pause(3 * EVERY_MS);
    stop();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(problem).not.toHaveBeenCalled();
  });

  it('are complained of once for each time that they do not fit together', async () => {
    const { changed, problem, stop } = followed();
    const good = readFileSync(caFile);
    for (let times = 1; times <= 2; times++) {
      rmSync(caFile);
      await eventually('it was told', () => problem.mock.calls.length === times);
      await pause(3 * EVERY_MS);
      writeFileSync(caFile, good);
      await pause(3 * EVERY_MS);
    }
    stop();
    expect(problem).toHaveBeenCalledTimes(2);
    expect(changed).not.toHaveBeenCalled();
  });

  it.each([
    ['another credential', () => renew()],
    ['none that fits together', () => writeFileSync(caFile, 'nothing')],
  ])('are told of no more once nobody follows, not even by who was looking then: %s', async (_, write) => {
    const { changed, problem, stop } = followed();
    // Of the same list of timers as the look: it runs right after, before anything is read.
    const stopped = pause(EVERY_MS).then(stop);
    await pause(EVERY_MS / 2);
    write();
    await stopped;
    await pause(2 * EVERY_MS);
    expect(changed).not.toHaveBeenCalled();
    expect(problem).not.toHaveBeenCalled();
  });

  it('are nothing to look at where there are none', () => {
    expect(followCredentials({}, { changed: () => {}, problem: () => {} })).toBeUndefined();
  });
});
