import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, freePort } from '@caravan/testing';

describe('the life of a service', () => {
  let children: { child: ChildProcess; ended: Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const { child } of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    children = [];
  });

  function run(environment: NodeJS.ProcessEnv, log: 'pipe' | number = 'pipe') {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./started-service.fixture.mjs', import.meta.url))], {
      env: { PATH: process.env['PATH'], CARAVAN_INSTALLATION: 'acme', ...environment },
      stdio: ['pipe', log, 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (output += data.toString()));
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, output })),
    );
    children.push({ child, ended });
    const said = async (words: string) => {
      while (!output.includes(words) && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return output;
    };
    return { child, ended, said };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s with what it has in hand', async (signal) => {
    const { child, ended, said } = run({});
    await said('"started"');
    child.kill(signal);
    const { code, output } = await ended;
    expect(output).toContain('work in hand is done');
    expect(code).toBe(0);
  });

  it('ends when its parent is gone', async () => {
    const { child, ended, said } = run({ CARAVAN_PARENT: 'stdin' });
    await said('"started"');
    child.stdin!.end();
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('the parent is gone') });
  });

  it('says what is wrong with its configuration, and ends with 78', async () => {
    const { code, output } = await run({ CARAVAN_INSTALLATION: '', LOG_LEVEL: 'loud' }).ended;
    expect(code).toBe(78);
    expect(output).toMatch(/^fixture cannot start, 2 variables are wrong:\n {2}CARAVAN_INSTALLATION is missing: /);
    expect(output).toContain('  LOG_LEVEL is wrong');
  });

  it.each([
    ['cannot-start', 'it cannot start'],
    ['rejects', 'nobody waits for this'],
    ['throws', 'nobody catches this'],
  ])('ends loudly when it %s', async (how, words) => {
    const { code, output } = await run({ FIXTURE: how }).ended;
    expect(code).toBe(70);
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toMatchObject({ level: 'fatal', err: { message: words } });
  });

  it('goes on when there is no room for its log, and ends in good order', async () => {
    const full = openSync('/dev/full', 'w');
    const port = await freePort();
    const { child, ended } = run({ HEALTH_PORT: String(port) }, full);
    closeSync(full);
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status === 200;
    await eventually('it is ready', isReady);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, output: '' });
  });

  it('tells on its health port how it is', async () => {
    const { said } = run({ FIXTURE: 'troubled', HEALTH_PORT: '0' });
    const port = /"port":(\d+)/.exec(await said('"started"'))![1]!;
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('it is troubled');
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('process_cpu_seconds_total');
  });
});
