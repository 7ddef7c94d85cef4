import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

  const newRoot = (): string => {
    const root = { keyPair: generateKeyPair(), commonName: 'Test root', serial: randomSerial(), now: new Date() };
    return selfSignRoot(root).certificatePem;
  };
  const renew = () => writeFileSync(caFile, newRoot());
  /** Who reads the file now waits until the pipe that it is has been written to. */
  const makePipe = () => {
    execFileSync('mkfifo', [`${caFile}.pipe`]);
    renameSync(`${caFile}.pipe`, caFile);
  };
  const opened = async () => {
    try {
      return await open(caFile, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined; // nobody reads it
      throw error;
    }
  };
  const lookUnderWay = async () => {
    const pipe = await eventually('somebody looks', opened);
    return {
      finds: async (text: string) => {
        await pipe.writeFile(text);
        await pipe.close();
      },
    };
  };
  const followed = () => {
    const changed = vi.fn();
    const problem = vi.fn();
    return { changed, problem, stop: followCredentials({ caFile }, { changed, problem, everyMs: EVERY_MS })! };
  };

  it('are told of once when they change', async () => {
    makePipe();
    const { changed, problem, stop } = followed();
    const first = await lookUnderWay();
    rmSync(caFile);
    renew();
    await first.finds(newRoot());
    await eventually('it was told', () => changed.mock.calls.length > 0);
    await pause(3 * EVERY_MS);
    stop();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(problem).not.toHaveBeenCalled();
  });

  it('are complained of once for each time that they do not fit together', async () => {
    const good = readFileSync(caFile, 'utf8');
    const { changed, problem, stop } = followed();
    for (let times = 1; times <= 2; times++) {
      rmSync(caFile);
      await eventually('it was told', () => problem.mock.calls.length === times);
      await pause(3 * EVERY_MS);
      makePipe();
      const next = await lookUnderWay();
      writeFileSync(`${caFile}.good`, good);
      renameSync(`${caFile}.good`, caFile);
      await next.finds(good);
    }
    await pause(3 * EVERY_MS);
    stop();
    expect(problem).toHaveBeenCalledTimes(2);
    expect(changed).not.toHaveBeenCalled();
  });

  it.each([
    ['another credential', () => newRoot()],
    ['none that fits together', () => 'nothing'],
  ])('are told of no more once nobody follows, not even by who was looking then: %s', async (_, text) => {
    makePipe();
    const { changed, problem, stop } = followed();
    const first = await lookUnderWay();
    makePipe();
    await first.finds(newRoot());
    const second = await lookUnderWay();
    stop();
    await second.finds(text());
    await pause(3 * EVERY_MS);
    expect(changed).not.toHaveBeenCalled();
    expect(problem).not.toHaveBeenCalled();
  });

  it('are nothing to look at where there are none', () => {
    expect(followCredentials({}, { changed: () => {}, problem: () => {} })).toBeUndefined();
  });
});
