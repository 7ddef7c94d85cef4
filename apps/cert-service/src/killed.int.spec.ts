import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { BY_INIT, newIds, useInstallation } from './installation.fixture.js';

const MAIN = fileURLToPath(new URL('../bundle/main.js', import.meta.url));
const MEMBERS = 60;

describe('a certificate service that is killed', () => {
  const installation = useInstallation();
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill('SIGKILL'));

  const start = (environment: NodeJS.ProcessEnv) =>
    spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });

  it('issues each certificate once, however often it dies on the way', async () => {
    const at = installation();
    await at.init();
    const first = newIds();
    await at.backbone(first);
    await at.network(first);
    const { backboneId, networkId } = first;
    const members = Array.from({ length: MEMBERS }, () => newIds({ backboneId, networkId }));
    await Promise.all(members.map((ids) => at.member(ids)));

    const made = async () =>
      Number((await at.pool.query<{ n: string }>('select count(*) as n from certificates')).rows[0]!.n);
    // Killed some way in, and again further on.
    for (const enough of [BY_INIT + 2, BY_INIT + MEMBERS / 2]) {
      child = start(at.environment());
      await eventually(`${enough} certificates`, async () => (await made()) >= enough, { everyMs: 5 });
      const gone = new Promise((resolve) => child!.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    child = start(at.environment());
    await eventually('all certificates', async () => (await made()) >= BY_INIT + MEMBERS);
    for (const { certificateId } of members) await at.issued(certificateId);
    expect(await at.commits('caravan.evt.trust.certificate.*')).toEqual(
      Array.from({ length: BY_INIT + MEMBERS }, () => 1),
    );
    expect(await at.commits('caravan.evt.trust.authority.*')).toEqual(Array.from({ length: 7 }, () => 1));
    expect(await made()).toBe(BY_INIT + MEMBERS);
  });
});
