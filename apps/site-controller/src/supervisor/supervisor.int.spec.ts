import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { siteApiFileSchema } from '@caravan/api';
import { eventually } from '@caravan/testing';
import { MANAGEMENT_ID } from '../site.fixture.js';
import { goneWithin, isAlive } from './processes.fixture.js';
import { socketPath } from './run-directory.js';
import { stateOf, Supervised } from './supervised.fixture.js';

const supervised = new Supervised();
const { running, start } = supervised;

describe('the processes of a site', () => {
  it('come up, report, tell where they are, and end when they are asked to', async () => {
    const dir = supervised.dir();
    const { supervisor, pids } = await running(dir);
    // It reports to a management plane beside it whether or not it has met its relay.
    await eventually('it has its relay', async () => (await stateOf(dir)).relayConnected);
    expect(await stateOf(dir)).toMatchObject({
      role: 'management',
      siteId: MANAGEMENT_ID,
      connected: true,
      relayConnected: true,
    });
    const { pid } = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    expect(pid).toBe(supervisor.process.pid);
    expect(statSync(join(dir, 'logs/relay.log')).size).toBeGreaterThan(0);
    expect((statSync(join(dir, 'logs/site-controller.log')).mode & 0o777).toString(8)).toBe('600');
    const both = pids();
    supervisor.process.kill('SIGTERM');
    expect(await supervisor.exited).toBe(0);
    expect(both.some(isAlive)).toBe(false);
    expect(existsSync(join(dir, 'supervisor.lock'))).toBe(false);
  });

  it('are started again, each by itself, when they are killed', async () => {
    const { supervisor, pids } = await running(supervised.dir());
    const [relay, controller] = pids();
    process.kill(relay, 'SIGKILL');
    await eventually('another relay', () => ![relay, undefined].includes(supervisor.child('relay')));
    expect(supervisor.child('site-controller')).toBe(controller);
    process.kill(controller, 'SIGKILL');
    await eventually(
      'another controller',
      () => ![controller, undefined].includes(supervisor.child('site-controller')),
    );
    supervised.plane.reports.length = 0; // the last ones of the killed one, too
    await eventually('a report', () => supervised.plane.reports.length > 0);
    const [second, third] = pids();
    expect(second).not.toBe(relay);
    expect(third).not.toBe(controller);
    expect(supervisor.output()).toContain('relay ended (signal SIGKILL); it is started again in');
  });

  it('end with their supervisor, also when that is killed, and another takes over', async () => {
    const dir = supervised.dir();
    const { supervisor, pids } = await running(dir);
    const both = pids();
    supervisor.process.kill('SIGKILL');
    expect(await goneWithin(both, 8_000)).toBe(true);
    supervised.plane.reports.length = 0;
    await running(dir, { file: null });
  });

  it('end when standard input closes', async () => {
    const { supervisor, pids } = await running(supervised.dir());
    const both = pids();
    supervisor.process.stdin?.end();
    expect(await supervisor.exited).toBe(0);
    expect(both.some(isAlive)).toBe(false);
  });

  it('are not started twice on one directory', async () => {
    const dir = supervised.dir();
    const { supervisor } = await running(dir);
    const second = start(dir);
    expect(await second.exited).toBe(75);
    expect(second.output()).toContain(`Process ${supervisor.process.pid} runs this site`);
    expect(isAlive(supervisor.process.pid ?? -1)).toBe(true);
  });

  it('speak with each other in a directory that is closed to others, however long the path of the site', async () => {
    const dir = join(supervised.root, 'a-long-directory-name/'.repeat(6), 'site');
    mkdirSync(dir, { recursive: true });
    const { pids, supervisor } = await running(dir);
    const path = socketPath(dir);
    expect(path.startsWith(dir)).toBe(false);
    expect((statSync(join(path, '..')).mode & 0o777).toString(8)).toBe('700');
    expect(pids().every(isAlive)).toBe(true);
    supervisor.process.kill('SIGTERM');
    await supervisor.exited;
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('keep the seal key from the relay, and from whoever reads the disk', async () => {
    const dir = supervised.dir();
    const key = Buffer.alloc(32, 7).toString('hex');
    const [relay] = (await running(dir, { env: { CARAVAN_SEAL_KEY: key } })).pids();
    expect(readFileSync(`/proc/${relay}/environ`, 'latin1')).not.toContain(key);
    expect(existsSync(join(dir, 'seal.key'))).toBe(false);
  });
});
