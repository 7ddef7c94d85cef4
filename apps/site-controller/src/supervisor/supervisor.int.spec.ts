import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiClient, getLocalState, siteApiFileSchema } from '@caravan/api';
import type { LocalState, SiteFile } from '@caravan/api';
import { observationSchema } from '@caravan/data-plane';
import type { ListenerItem } from '@caravan/data-plane';
import { eventually, freePort } from '@caravan/testing';
import { isOpen } from '@caravan/testing/data-plane';
import type { Joining } from '../joining/index.js';
import { useManagement } from '../control/management.fixture.js';
import { FakeManagementPlane } from '../management-plane.fixture.js';
import { MANAGEMENT_ID, NETWORK_ID, TestSites } from '../site.fixture.js';
import { buildSite, goneWithin, isAlive, startSupervisor } from './processes.fixture.js';
import type { RunningSupervisor } from './processes.fixture.js';
import { socketPath } from './run-directory.js';

const LISTENER = {
  kind: 'listener',
  id: 'l1',
  networkId: NETWORK_ID,
  address: 'inventory',
  host: '127.0.0.1',
} as const;

const filesWith = (dir: string, text: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file, 'latin1').includes(text));

/** Of whom is signalled. No number stands for one that is not there: `kill` takes -1 for everybody. */
function pidOf(supervisor: RunningSupervisor, script: 'relay' | 'site-controller'): number {
  const pid = supervisor.child(script);
  if (pid === undefined) throw new Error(`there is no ${script}:\n${supervisor.output()}`);
  return pid;
}

describe('the processes of a site', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  const supervisors: RunningSupervisor[] = [];
  let plane: FakeManagementPlane;
  let root: string;
  beforeAll(() => buildSite(), 180_000);
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'caravan-supervised-'));
    plane = new FakeManagementPlane(management());
    plane.items = [];
    await plane.start();
  });
  afterEach(async () => {
    for (const { process, exited } of supervisors.splice(0)) {
      process.kill('SIGTERM');
      await exited;
    }
    await sites.end();
    await plane.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const start = (dir: string, file: SiteFile | null = null, env: NodeJS.ProcessEnv = {}): RunningSupervisor => {
    const path = join(root, 'file.json');
    if (file) writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
    const supervisor = startSupervisor(dir, file ? ['--file', path] : [], env);
    supervisors.push(supervisor);
    return supervisor;
  };
  /** `file` null: it was taken before. */
  const running = async (dir: string, file?: SiteFile | null, env: NodeJS.ProcessEnv = {}) => {
    const supervisor = start(dir, file === undefined ? sites.managementFile() : file, env);
    await eventually('a report', () => plane.reports.length > 0);
    const pids = () => [pidOf(supervisor, 'relay'), pidOf(supervisor, 'site-controller')] as const;
    return { supervisor, pids };
  };
  const stateOf = async (dir: string): Promise<LocalState> => {
    const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    return apiClient({ url, token: readFileSync(tokenFile, 'utf8').trim() }).call(getLocalState, {});
  };

  it('come up, report, tell where they are, and end when they are asked to', async () => {
    const dir = join(root, 'site');
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
    const { supervisor, pids } = await running(join(root, 'site'));
    const [relay, controller] = pids();
    process.kill(relay, 'SIGKILL');
    await eventually('another relay', () => ![relay, undefined].includes(supervisor.child('relay')));
    expect(supervisor.child('site-controller')).toBe(controller);
    process.kill(controller, 'SIGKILL');
    await eventually(
      'another controller',
      () => ![controller, undefined].includes(supervisor.child('site-controller')),
    );
    plane.reports.length = 0; // the last ones of the killed one, too
    await eventually('a report', () => plane.reports.length > 0);
    const [second, third] = pids();
    expect(second).not.toBe(relay);
    expect(third).not.toBe(controller);
    expect(supervisor.output()).toContain('relay ended (signal SIGKILL); it is started again in');
  });

  it('miss a relay that stands still, say so, and make it what it shall be when it goes on', async () => {
    const dir = join(root, 'site');
    const [first, second] = [
      { ...LISTENER, port: await freePort() },
      { ...LISTENER, id: 'l2', port: await freePort() },
    ];
    plane.items = [first];
    const { pids } = await running(dir);
    const reported = (item: ListenerItem) => {
      const { items } = observationSchema.parse(plane.reports.at(-1)?.observation);
      return items[`listener/${item.id}`];
    };
    const isWell = (item: ListenerItem) => eventually('it is well', () => reported(item)?.state === 'applied');
    await isWell(first);
    const before = pids();
    process.kill(before[0], 'SIGSTOP');
    try {
      await plane.desire(MANAGEMENT_ID, [second]);
      await eventually('it is missed', () => reported(second)?.detail?.includes('away'), { withinMs: 60_000 });
      expect(reported(second)).toEqual({ state: 'waiting', detail: 'the relay of this site is away' });
      const { relayConnected, troubles } = await stateOf(dir);
      expect({ relayConnected, troubles }).toEqual({
        relayConnected: false,
        troubles: [
          expect.objectContaining({ code: 'relay.unavailable', detail: expect.stringContaining('said nothing') }),
        ],
      });
    } finally {
      process.kill(before[0], 'SIGCONT');
    }
    await isWell(second);
    expect([await isOpen(first.port), await isOpen(second.port)]).toEqual([false, true]);
    expect(await stateOf(dir)).toMatchObject({ relayConnected: true, troubles: [] });
    expect(pids()).toEqual(before);
  }, 120_000);

  describe('when the relay is killed while the site-controller is stopped in its tracks', () => {
    const logged = (dir: string): number =>
      readFileSync(join(dir, 'logs/relay.log'), 'utf8').split('has handed over the last configuration').length - 1;
    const opens = ({ port }: ListenerItem) => eventually(`port ${port} is open`, () => isOpen(port));
    const closes = ({ port }: ListenerItem) => eventually(`port ${port} is closed`, async () => !(await isOpen(port)));

    it('the supervisor hands over what the relay was, and nothing of what was taken from it before', async () => {
      const dir = join(root, 'site');
      const listener = { ...LISTENER, port: await freePort() };
      plane.items = [listener];
      const { supervisor, pids } = await running(dir);
      await opens(listener);
      const [relay, controller] = pids();
      process.kill(controller, 'SIGSTOP');
      try {
        process.kill(relay, 'SIGKILL');
        await eventually('handed over 1 times', () => logged(dir) === 1);
        await opens(listener);
      } finally {
        process.kill(controller, 'SIGCONT');
      }
      await plane.desire(MANAGEMENT_ID, []);
      await closes(listener);
      process.kill(controller, 'SIGSTOP');
      try {
        process.kill(pidOf(supervisor, 'relay'), 'SIGKILL');
        await eventually('handed over 2 times', () => logged(dir) === 2);
        expect(await isOpen(listener.port)).toBe(false);
      } finally {
        process.kill(controller, 'SIGCONT');
      }
    });

    it('keeps it in memory alone', async () => {
      const dir = join(root, 'site');
      const listener = { ...LISTENER, port: await freePort() };
      plane.items = [listener];
      const { supervisor, pids } = await running(dir);
      await opens(listener);
      const found = (): string[] => filesWith(dir, JSON.stringify(listener));
      // The negative control: what looks for it on the disk would find it.
      writeFileSync(join(dir, 'example'), JSON.stringify({ listeners: [listener] }));
      expect(found()).toEqual([join(dir, 'example')]);
      rmSync(join(dir, 'example'));
      process.kill(pids()[0], 'SIGKILL');
      await eventually('handed over 1 times', () => logged(dir) === 1);
      expect(found()).toEqual([]);
      supervisor.process.kill('SIGTERM');
      await supervisor.exited;
      expect(found()).toEqual([]);
    });
  });

  it('end with their supervisor, also when that is killed, and another takes over', async () => {
    const dir = join(root, 'site');
    const { supervisor, pids } = await running(dir);
    const both = pids();
    supervisor.process.kill('SIGKILL');
    expect(await goneWithin(both, 8_000)).toBe(true);
    plane.reports.length = 0;
    await running(dir, null);
  });

  it('end when standard input closes', async () => {
    const { supervisor, pids } = await running(join(root, 'site'));
    const both = pids();
    supervisor.process.stdin?.end();
    expect(await supervisor.exited).toBe(0);
    expect(both.some(isAlive)).toBe(false);
  });

  it('are not started twice on one directory', async () => {
    const dir = join(root, 'site');
    const { supervisor } = await running(dir);
    const second = start(dir);
    expect(await second.exited).toBe(75);
    expect(second.output()).toContain(`Process ${supervisor.process.pid} runs this site`);
    expect(isAlive(supervisor.process.pid ?? -1)).toBe(true);
  });

  it('speak with each other in a directory that is closed to others, however long the path of the site', async () => {
    const dir = join(root, 'a-long-directory-name/'.repeat(6), 'site');
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
    const dir = join(root, 'site');
    const key = Buffer.alloc(32, 7).toString('hex');
    const [relay] = (await running(dir, undefined, { CARAVAN_SEAL_KEY: key })).pids();
    expect(readFileSync(`/proc/${relay}/environ`, 'latin1')).not.toContain(key);
    expect(existsSync(join(dir, 'seal.key'))).toBe(false);
  });

  it('end for good, with the reason, when joining was refused for ever; nothing is asked again', async () => {
    const dir = join(root, 'site');
    const { journal } = await sites.prepare(dir, sites.invitation());
    await journal.write({
      ...(journal.joining as Extract<Joining, { status: 'invited' }>),
      status: 'refused',
      refusal: { code: 'invitation.limit-reached', detail: 'Its five sites have joined.' },
      at: '2026-01-01T00:00:00Z',
    });
    const supervisor = start(dir);
    await eventually('its local API is open', () => existsSync(join(dir, 'api.json')));
    expect((await stateOf(dir)).step).toBe('refused'); // for whoever follows it
    expect(await supervisor.exited).toBe(3);
    expect(supervisor.output()).toContain('refused for ever: Its five sites have joined. (invitation.limit-reached)');
    expect(plane.asked).toEqual([]);
  });

  it.each<[string, object | null, string, NodeJS.ProcessEnv]>([
    ['there is no site and no file', null, 'Start it with --file', {}],
    ['the file is no file of ours', { format: 'caravan.something' }, 'cannot be used', {}],
    ['the host is none', null, 'SITE_HOST is "no host"', { SITE_HOST: 'no host' }],
  ])('end for good, with the remedy, when %s', async (_, file, said, env) => {
    const dir = join(root, 'site');
    if ('SITE_HOST' in env) await sites.prepare(dir, sites.managementFile());
    const supervisor = start(dir, file as SiteFile | null, env);
    expect(await supervisor.exited).toBe(78);
    expect(supervisor.output()).toContain(said);
  });

  it('say why one of them cannot go on, also where that has no room for a log of its own', async () => {
    const dir = join(root, 'site');
    mkdirSync(dir, { recursive: true });
    mkdirSync(join(dir, 'logs'));
    symlinkSync('/dev/full', join(dir, 'logs/site-controller.log'));
    writeFileSync(join(dir, 'state'), 'what should be a folder');
    const supervisor = start(dir);
    await eventually('it says why', () => /site-controller ends: .*EEXIST.*state/.test(supervisor.output()));
    supervisor.process.kill('SIGTERM');
    await supervisor.exited;
  });

  it('are started again also by a supervisor that has no room for a line, nor a place for their logs', async () => {
    const dir = join(root, 'site');
    await sites.prepare(dir, sites.managementFile());
    const supervisor = startSupervisor(dir, [], {}, '/dev/full');
    supervisors.push(supervisor);
    await eventually('both run', () => supervisor.child('relay') && supervisor.child('site-controller'));
    rmSync(join(dir, 'logs'), { recursive: true });
    const before = pidOf(supervisor, 'relay');
    process.kill(before, 'SIGKILL');
    await eventually('another relay', () => ![before, undefined].includes(supervisor.child('relay')));
    await eventually('it has a log', () => existsSync(join(dir, 'logs/relay.log')));
    expect(isAlive(supervisor.process.pid ?? -1)).toBe(true);
  });
});
