import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@caravan/testing';
import { FakeApi, TOKEN } from '../fakes/fake-api.fixture.js';
import { buildCaravan, Shell } from '../fakes/shell.fixture.js';
import { ids } from '../fakes/world.fixture.js';

const supervisor = path.resolve(import.meta.dirname, '../fakes/fake-supervisor.fixture.mjs');
const api = new FakeApi();
let url: string;
let shell: Shell;
beforeAll(async () => {
  buildCaravan();
  url = await api.start();
}, 180_000);
beforeEach(async () => {
  shell = new Shell();
  shell.env = { CARAVAN_URL: url, CARAVAN_TOKEN: TOKEN, CARAVAN_SUPERVISOR_MAIN: supervisor };
  await shell.here('invite retail shop --deadline 2026-12-24T18:00Z --out shop.json'.split(' '));
  shell.env['PATH'] = process.env['PATH'] ?? '';
  api.seen.length = 0;
});
afterEach(async () => {
  await caravan('site stop --dir retail-shop');
  api.world['invitations'] = (api.world['invitations'] ?? []).filter(({ name }) => name !== 'shop');
  shell.remove();
});
afterAll(() => api.stop());

const caravan = (line: string) => shell.here(line.split(' '));
const inShop = (name: string) => path.join(shell.cwd, 'retail-shop', name);
const pidOf = (): number => (JSON.parse(readFileSync(inShop('api.json'), 'utf8')) as { pid: number }).pid;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('join', () => {
  it('starts a site that outlives it, tells each step, and resumes in the same folder', async () => {
    const { code, stdout, stderr } = await shell.run(['join', 'shop.json']);
    expect(code).toBe(0);
    expect(shell.steady(stderr)).toMatchSnapshot();
    expect(shell.steady(stdout)).toMatchSnapshot();
    const pid = pidOf();
    expect(isAlive(pid)).toBe(true);
    expect(readFileSync(inShop('supervisor.log'), 'utf8')).toContain('"leaked":null');

    const again = await caravan('join shop.json -o json');
    expect(again.stderr).toContain('runs already');
    expect(JSON.parse(again.stdout)).toMatchObject({
      dir: inShop('.').replace(/\/\.?$/, ''),
      pid,
      state: { step: 'joined' },
    });
  });

  it('prints the coded reason of a refusal, ends with 3 and leaves no process behind', async () => {
    shell.env['FAKE_SITE'] = 'refused';
    const { code, stdout, stderr } = await shell.run(['join', 'shop.json']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('The deadline has passed. [invitation.expired]');
    expect(existsSync(inShop('api.json'))).toBe(false);
    // Whoever looks later is told the same, not to start it.
    const later = await caravan('status --dir retail-shop');
    expect(later).toMatchObject({ code: 3, stdout: '' });
    expect(later.stderr).toContain('The deadline has passed. [invitation.expired]');
    expect(later.stderr).not.toContain('site start');
  });

  it('does not take a site that runs for another one', async () => {
    await caravan('join shop.json');
    await caravan('invite retail rs --out rs.json');
    const { code, stdout, stderr } = await caravan('join rs.json --dir retail-shop');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('[site.other]');
    expect(stderr).toContain('member site hq of network retail');
    expect(await caravan('join shop.json')).toMatchObject({ code: 0, stderr: expect.stringContaining('runs already') });
  });

  it('knows the reason also of a site that ended before it was asked', async () => {
    shell.env['FAKE_SITE'] = 'dismissed';
    for (const line of ['join shop.json', 'join shop.json --foreground']) {
      const { code, stderr } = await caravan(line);
      expect(code).toBe(3);
      expect(stderr).toContain('caravan: The invitation was revoked. [invitation.revoked]');
    }
  });

  it('does not say of a site that was removed that it joined', async () => {
    shell.env['FAKE_SITE'] = 'removed';
    for (const line of ['join shop.json', 'join shop.json --foreground']) {
      const { code, stdout, stderr } = await caravan(line);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('caravan: Nothing is asked of this site any more. [site.removed]');
      expect(existsSync(inShop('api.json'))).toBe(false);
    }
  });

  it('says of a site whose network has ended that it has, and leaves it running: a clock can be wrong', async () => {
    shell.env['FAKE_SITE'] = 'ended';
    for (const line of ['join shop.json', 'site start --dir retail-shop']) {
      const { code, stdout, stderr } = await caravan(line);
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toContain('caravan: The network retail ended at noon. [network.ended]');
      expect(stderr).not.toContain('joined');
      expect(isAlive(pidOf())).toBe(true);
    }
    expect((await caravan('site status --dir retail-shop')).stdout).toContain('its network has ended');
  });

  it('says why the process of a site ended, from its log', async () => {
    shell.env['FAKE_SITE'] = 'dies';
    const { code, stderr } = await caravan('join shop.json');
    expect(code).toBe(1);
    expect(stderr).toContain('exit code 7');
    expect(stderr).toContain('the directory cannot be used');
    expect(stderr).toContain('[site.ended]');
  });

  it('stops waiting after a while; the site goes on', async () => {
    shell.env['FAKE_SITE'] = 'stuck';
    const { code, stderr } = await caravan('join shop.json --timeout 2s');
    expect(code).toBe(4);
    expect(stderr).toContain('Not joined yet: No access point answers yet.');
    expect(isAlive(pidOf())).toBe(true);
  });

  it('leaves a site in the background running when it is interrupted', async () => {
    shell.env['FAKE_SITE'] = 'stuck';
    const { code, stderr } = await shell.run(['join', 'shop.json'], { interruptWhen: 'a key was made here' });
    expect(code).toBe(130);
    expect(stderr).toContain('goes on in the background');
    expect(isAlive(pidOf())).toBe(true);
  });

  it('in the foreground stays with the site and ends it when it is interrupted', async () => {
    const { code, stderr } = await shell.run(['join', 'shop.json', '--foreground'], { interruptWhen: '  joined' });
    expect(code).toBe(130);
    expect(stderr).toContain('supervisor started'); // its log
    expect(existsSync(inShop('api.json'))).toBe(false);
  });

  it('in the foreground leaves no site behind when it is killed', async () => {
    await shell.run(['join', 'shop.json', '--foreground'], { interruptWhen: '  joined', signal: 'SIGKILL' });
    await eventually('the site has ended', () => !existsSync(inShop('api.json')));
    expect(existsSync(inShop('api.json'))).toBe(false);
  });

  it.each([
    ['cli.no-such-file', 'nothing.json', undefined],
    ['cli.bad-site-file', 'text.json', 'not json'],
    ['cli.bad-site-file', 'other.json', '{"format":"caravan.other"}'],
    ['cli.bad-site-file', 'large.json', ' '.repeat(2_000_000)],
  ])('refuses with %s what is no file for a site (%s)', async (code, name, content) => {
    if (content !== undefined) writeFileSync(path.join(shell.cwd, name), content);
    expect(await caravan(`join ${name}`)).toMatchObject({ code: 2, stderr: expect.stringContaining(`[${code}]`) });
  });

  it('refuses a directory, and says what to do with it', async () => {
    const { code, stderr } = await caravan('join .');
    expect(code).toBe(2);
    expect(stderr).toContain(`${shell.cwd} is a directory`);
    expect(stderr).toContain(`caravan site start --dir ${shell.cwd}`);
  });

  it('says where the program of a site is missing', async () => {
    shell.env['CARAVAN_SUPERVISOR_MAIN'] = '/nowhere/supervisor.js';
    expect(await caravan('join shop.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('at: /nowhere/supervisor.js'),
    });
  });

  it('sets a backbone site up with its bundle', async () => {
    await caravan('bundle west --out west.json');
    const { code, stdout } = await caravan('join west.json --dir w');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Joined demo as west') });
    expect((await caravan('site stop --dir w')).stdout).toContain('stopped');
  });
});

describe('a site', () => {
  it('is stopped and started again, by its folder alone', async () => {
    await caravan('join shop.json');
    const first = pidOf();
    expect(await caravan('site stop --dir retail-shop')).toMatchObject({ code: 0, stderr: '' });
    expect(isAlive(first)).toBe(false);
    expect((await caravan('site stop --dir retail-shop')).stdout).toContain('was not running');
    expect(await caravan('status --dir retail-shop')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('caravan site start --dir'),
    });
    expect(await caravan('site start --dir retail-shop')).toMatchObject({ code: 0 });
    expect(pidOf()).not.toBe(first);
  });

  it('that is started again is told by its new process, whatever the last one left behind', async () => {
    await caravan('join shop.json');
    const left = readFileSync(inShop('api.json'), 'utf8');
    await caravan('site stop --dir retail-shop');
    writeFileSync(inShop('api.json'), left); // as a site does: its port is the next one's
    const { stdout } = await caravan('site start --dir retail-shop -o json');
    const { pid } = JSON.parse(stdout) as { pid: number };
    expect(pid).toBe(pidOf());
    expect(isAlive(pid)).toBe(true);
  });

  it('that was killed is taken up again by the same join', async () => {
    await caravan('join shop.json');
    const killed = pidOf();
    process.kill(killed, 'SIGKILL');
    await eventually('it is gone', () => !isAlive(killed));
    expect(await caravan('join shop.json')).toMatchObject({ code: 0 });
    expect(pidOf()).not.toBe(killed);
  });

  it('is never stopped by a number that another process has by now', async () => {
    await caravan('join shop.json');
    const ours = readFileSync(inShop('api.json'), 'utf8');
    const stale = { ...(JSON.parse(ours) as object), url: 'http://127.0.0.1:9999/site/v1', pid: process.pid };
    writeFileSync(inShop('api.json'), JSON.stringify(stale));
    expect((await caravan('site stop --dir retail-shop')).stdout).toContain('was not running');
    writeFileSync(inShop('api.json'), ours);
  });

  it('that is being started again is waited for, and is not said to be stopped', async () => {
    await caravan('join shop.json');
    const ours = readFileSync(inShop('api.json'), 'utf8');
    const silent = { ...(JSON.parse(ours) as object), url: 'http://127.0.0.1:9999/site/v1' };
    writeFileSync(inShop('api.json'), JSON.stringify(silent));
    const { code, stderr } = await caravan('expose inventory db.internal:9000 --dir retail-shop');
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('[site.not-answering]') });
    expect(stderr).toContain(`process ${pidOf()}`);
    expect(stderr).not.toContain('site start');
    const back = setTimeout(() => writeFileSync(inShop('api.json'), ours), 1_000);
    expect((await caravan('site status --dir retail-shop')).code).toBe(0);
    clearTimeout(back);
    // Another process with its number is not it.
    writeFileSync(inShop('api.json'), JSON.stringify({ ...silent, pid: process.pid }));
    expect((await caravan('site status --dir retail-shop')).stderr).toContain('[site.not-running]');
    writeFileSync(inShop('api.json'), ours);
  });

  it('says what it is and how it is', async () => {
    await caravan('join shop.json');
    await caravan('consume inventory --port 8080 --dir retail-shop');
    expect(shell.steady((await caravan('status --dir retail-shop')).stdout)).toMatchSnapshot();
    expect(JSON.parse((await caravan('site status --dir retail-shop -o json')).stdout)).toMatchObject({
      step: 'joined',
    });
    expect((await caravan('site links --dir retail-shop -o wide')).stdout).toMatchSnapshot();
    expect(JSON.parse((await caravan('site links --dir retail-shop -o json')).stdout)).toMatchObject({
      items: [{ access: 'member', peerChain: [{ subject: 'CN=east' }] }],
    });
  });

  it('that is not there is not made up', async () => {
    expect(await caravan('status --dir nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('[site.unknown-directory]'),
    });
    expect(await caravan('site status')).toMatchObject({ code: 2, stderr: expect.stringContaining('Which site?') });
  });
});

describe('expose and consume', () => {
  it('ask the site, and wait until it has done it', async () => {
    await caravan('join shop.json');
    expect(await caravan('expose inventory db.internal:9000 --dir retail-shop')).toEqual({
      code: 0,
      stdout: `db.internal:9000 answers for inventory, at the site in ${path.join(shell.cwd, 'retail-shop')}\n`,
      stderr: '',
    });
    const consumed = await caravan('consume inventory --port 8080 --dir retail-shop -o json');
    expect(JSON.parse(consumed.stdout)).toMatchObject({ address: 'inventory', host: '127.0.0.1', state: 'applied' });
    expect((await caravan('unconsume inventory:8080 --dir retail-shop')).stdout).toContain('closed');
    expect((await caravan('unexpose inventory --dir retail-shop')).code).toBe(0);
    const again = await caravan('unexpose inventory --dir retail-shop');
    expect(again.stderr).toContain('[connector.unknown]');
    expect(again.stderr).toContain(`try: caravan site connectors --dir ${path.join(shell.cwd, 'retail-shop')}`);
    expect(api.seen).toEqual([]);
  });

  it('fail with what the relay says when the site cannot do it', async () => {
    shell.env['FAKE_ENDPOINT'] = 'port 8080 is taken by another program';
    await caravan('join shop.json');
    for (const output of ['', ' -o json', ' -o name']) {
      const { code, stdout, stderr } = await caravan(`consume inventory --port 8080 --dir retail-shop${output}`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('failed: port 8080 is taken by another program');
      expect(stderr).toContain('listener.failed');
      expect(stderr).toContain('caravan unconsume inventory:8080 --dir retail-shop');
      expect((await caravan('unconsume inventory:8080 --dir retail-shop')).code).toBe(0);
    }
    expect(await caravan('expose inventory 9000 --dir retail-shop')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[connector.failed]'),
    });
  });

  it('ask the management plane for a member site', async () => {
    expect((await caravan('expose orders 5432 --member hq')).stdout).toContain('127.0.0.1:5432 answers for orders');
    expect((await caravan('consume orders --port 5433 --network retail --member store-1')).code).toBe(0);
    expect(api.seen.filter(({ route }) => route.startsWith('create'))).toMatchObject([
      { params: { networkId: ids.retail, memberId: ids.memberHq }, body: { address: 'orders', port: 5432 } },
      { params: { networkId: ids.retail, memberId: ids.memberStore }, body: { address: 'orders', port: 5433 } },
    ]);
    expect((await caravan('unexpose orders --member hq')).code).toBe(0);
    expect((await caravan('unconsume orders --member store-1')).code).toBe(0);
  });

  it('say what is wrong before they ask anybody', async () => {
    expect(await caravan('expose orders nowhere --member hq')).toMatchObject({ code: 2 });
    expect(await caravan('consume orders --member hq')).toMatchObject({ code: 2 });
    expect(await caravan('consume orders --port db:80 --member hq')).toMatchObject({ code: 2 });
    expect(api.seen).toEqual([]);
  });
});
