import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { isAlive, Shop } from './shop.fixture.js';

const shop = new Shop();
const { caravan, inShop, pidOf } = shop;

describe('join', () => {
  it('starts a site that outlives it, tells each step, and resumes in the same folder', async () => {
    const { code, stdout, stderr } = await shop.shell.run(['join', 'shop.json']);
    expect(code).toBe(0);
    expect(shop.shell.steady(stderr)).toMatchSnapshot();
    expect(shop.shell.steady(stdout)).toMatchSnapshot();
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
    shop.shell.env['FAKE_SITE'] = 'refused';
    const { code, stdout, stderr } = await shop.shell.run(['join', 'shop.json']);
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
    shop.shell.env['FAKE_SITE'] = 'dismissed';
    for (const line of ['join shop.json', 'join shop.json --foreground']) {
      const { code, stderr } = await caravan(line);
      expect(code).toBe(3);
      expect(stderr).toContain('caravan: The invitation was revoked. [invitation.revoked]');
    }
  });

  it.each([
    {
      what: 'does not say of a site that was removed that it joined',
      fate: 'removed',
      lines: ['join shop.json', 'join shop.json --foreground'],
      code: 3,
      says: 'Nothing is asked of this site any more. [site.removed]',
      goesOn: false,
    },
    {
      what: 'says of a site whose network has ended that it has, and leaves it running: a clock can be wrong',
      fate: 'ended',
      lines: ['join shop.json', 'site start --dir retail-shop'],
      code: 5,
      says: 'The network retail ended at noon. [network.ended]',
      goesOn: true,
    },
  ])('$what', async ({ fate, lines, code, says, goesOn }) => {
    shop.shell.env['FAKE_SITE'] = fate;
    for (const line of lines) {
      const ended = await caravan(line);
      expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`caravan: ${says}`) });
      expect(ended.stderr).not.toContain('joined');
      expect(existsSync(inShop('api.json')) && isAlive(pidOf())).toBe(goesOn);
    }
    const { stdout } = await caravan('site status --dir retail-shop');
    expect(stdout.includes('its network has ended')).toBe(goesOn);
  });

  it('says why the process of a site ended, from its log', async () => {
    shop.shell.env['FAKE_SITE'] = 'dies';
    const { code, stderr } = await caravan('join shop.json');
    expect(code).toBe(1);
    expect(stderr).toContain('exit code 7');
    expect(stderr).toContain('the directory cannot be used');
    expect(stderr).toContain('[site.ended]');
  });

  it('stops waiting after a while; the site goes on', async () => {
    shop.shell.env['FAKE_SITE'] = 'stuck';
    // On a busy machine two seconds are over before a process is there.
    await shop.shell.run(['join', 'shop.json'], { interruptWhen: 'a key was made here' });
    const { code, stderr } = await caravan('join shop.json --timeout 2s');
    expect(code).toBe(4);
    expect(stderr).toContain('Not joined yet: No access point answers yet.');
    expect(isAlive(pidOf())).toBe(true);
  });

  it('refuses another file for a site that runs and has not joined, which would not read it', async () => {
    shop.shell.env['FAKE_SITE'] = 'stuck';
    await shop.shell.run(['join', 'shop.json'], { interruptWhen: 'a key was made here' });
    const text = readFileSync(path.join(shop.shell.cwd, 'shop.json'), 'utf8');
    writeFileSync(path.join(shop.shell.cwd, 'newer.json'), text.replaceAll('MIIBfake', 'MIIBnewer'));
    const { code, stdout, stderr } = await caravan('join newer.json --dir retail-shop');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('[site.other-file]');
    expect(stderr).toContain(
      `try: caravan site stop --dir ${inShop('.').replace(/\/\.?$/, '')}, and then the same join`,
    );
    expect(stderr).not.toContain('the file was taken');

    await caravan('site stop --dir retail-shop');
    shop.shell.env['FAKE_SITE'] = 'joins';
    expect(await caravan('join newer.json --dir retail-shop')).toMatchObject({ code: 0 });
    // It has joined: no file is needed any more.
    expect(await caravan('join newer.json --dir retail-shop')).toMatchObject({ code: 0 });
  });

  it('leaves a site in the background running when it is interrupted', async () => {
    shop.shell.env['FAKE_SITE'] = 'stuck';
    const { code, stderr } = await shop.shell.run(['join', 'shop.json'], { interruptWhen: 'a key was made here' });
    expect(code).toBe(130);
    expect(stderr).toContain('goes on in the background');
    expect(isAlive(pidOf())).toBe(true);
  });

  it('in the foreground stays with the site and ends it when it is interrupted', async () => {
    const { code, stderr } = await shop.shell.run(['join', 'shop.json', '--foreground'], { interruptWhen: '  joined' });
    expect(code).toBe(130);
    expect(stderr).toContain('supervisor started'); // its log
    expect(existsSync(inShop('api.json'))).toBe(false);
  });

  it('in the foreground leaves no site behind when it is killed', async () => {
    await shop.shell.run(['join', 'shop.json', '--foreground'], { interruptWhen: '  joined', signal: 'SIGKILL' });
    await eventually('the site has ended', () => !existsSync(inShop('api.json')));
    expect(existsSync(inShop('api.json'))).toBe(false);
  });

  it.each([
    ['cli.no-such-file', 'nothing.json', undefined],
    ['cli.bad-site-file', 'text.json', 'not json'],
    ['cli.bad-site-file', 'other.json', '{"format":"caravan.other"}'],
    ['cli.bad-site-file', 'large.json', ' '.repeat(2_000_000)],
  ])('refuses with %s what is no file for a site (%s)', async (code, name, content) => {
    if (content !== undefined) writeFileSync(path.join(shop.shell.cwd, name), content);
    expect(await caravan(`join ${name}`)).toMatchObject({ code: 2, stderr: expect.stringContaining(`[${code}]`) });
  });

  it('refuses a directory, and says what to do with it', async () => {
    const { code, stderr } = await caravan('join .');
    expect(code).toBe(2);
    expect(stderr).toContain(`${shop.shell.cwd} is a directory`);
    expect(stderr).toContain(`caravan site start --dir ${shop.shell.cwd}`);
  });

  it('says where the program of a site is missing', async () => {
    shop.shell.env['CARAVAN_SUPERVISOR_MAIN'] = '/nowhere/supervisor.js';
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
