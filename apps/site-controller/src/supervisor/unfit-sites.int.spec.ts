import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SiteFile } from '@caravan/api';
import { eventually } from '@caravan/testing';
import type { Joining } from '../joining/index.js';
import { isAlive } from './processes.fixture.js';
import { pidOf, stateOf, Supervised } from './supervised.fixture.js';

const supervised = new Supervised();
const { start } = supervised;

describe('the processes of a site', () => {
  it('end for good, with the reason, when joining was refused for ever; nothing is asked again', async () => {
    const dir = supervised.dir();
    const { journal } = await supervised.sites.prepare(dir, supervised.sites.invitation());
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
    expect(supervised.plane.asked).toEqual([]);
  });

  it.each<[string, object | null, string, NodeJS.ProcessEnv]>([
    ['there is no site and no file', null, 'Start it with --file', {}],
    ['the file is no file of ours', { format: 'caravan.something' }, 'cannot be used', {}],
    ['the host is none', null, 'SITE_HOST is "no host"', { SITE_HOST: 'no host' }],
  ])('end for good, with the remedy, when %s', async (_, file, said, env) => {
    const dir = supervised.dir();
    if ('SITE_HOST' in env) await supervised.sites.prepare(dir, supervised.sites.managementFile());
    const supervisor = start(dir, { file: file as SiteFile | null, env });
    expect(await supervisor.exited).toBe(78);
    expect(supervisor.output()).toContain(said);
  });

  it('say why one of them cannot go on, also where that has no room for a log of its own', async () => {
    const dir = supervised.dir();
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
    const dir = supervised.dir();
    await supervised.sites.prepare(dir, supervised.sites.managementFile());
    const supervisor = start(dir, { says: '/dev/full' });
    await eventually('both run', () => supervisor.child('relay') && supervisor.child('site-controller'));
    rmSync(join(dir, 'logs'), { recursive: true });
    const before = pidOf(supervisor, 'relay');
    process.kill(before, 'SIGKILL');
    await eventually('another relay', () => ![before, undefined].includes(supervisor.child('relay')));
    await eventually('it has a log', () => existsSync(join(dir, 'logs/relay.log')));
    expect(isAlive(supervisor.process.pid ?? -1)).toBe(true);
  });
});
