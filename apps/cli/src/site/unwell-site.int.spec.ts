import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freeze, thaw } from '@caravan/testing';
import { isAlive, Shop } from './shop.fixture.js';

const shop = new Shop();
const { caravan, inShop, pidOf } = shop;
/** Far less than the half minute for which any other answer is waited for, and more than a busy machine needs. */
const SOON_MS = 20_000;

const timed = async (line: string, hear?: (stderr: string) => void) => {
  const startedAt = performance.now();
  return { ...(await caravan(line, hear)), tookMs: performance.now() - startedAt };
};

describe('a site whose process stands still', () => {
  it('is told of soon, in words that fit, with what can be done; and stops, saying for what it waits', async () => {
    await caravan('join shop.json');
    const pid = pidOf();
    await freeze(pid);
    try {
      const lines = ['site status', 'site connectors', 'expose inventory 9000'];
      for (const ended of await Promise.all(lines.map((line) => timed(`${line} --dir retail-shop`)))) {
        const { code, stderr, tookMs } = ended;
        expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('[site.not-answering]') });
        expect(stderr).toContain(
          `(process ${pid}) and does not answer: it is being started, or its controller stands still`,
        );
        expect(stderr).toContain(`--ppid ${pid}`);
        expect(stderr).toContain('caravan site stop --dir');
        expect(tookMs).toBeLessThan(SOON_MS);
      }
      const onceTold = (said: string): void => void (said.includes('waiting for it') && thaw(pid));
      const { code, stderr, tookMs } = await timed('site stop --dir retail-shop', onceTold);
      expect(code).toBe(0);
      expect(stderr).toBe(`Process ${pid} of the site was asked to stop; waiting for it, about 20 s at most …\n`);
      expect(tookMs).toBeLessThan(SOON_MS);
      expect(isAlive(pid)).toBe(false);
    } finally {
      if (isAlive(pid)) thaw(pid);
    }
  });
});

describe('a site that is not as it should be', () => {
  it.each([
    ['full', 'in trouble: disk.full', 'No space is left. Free some space. [disk.full]'],
    ['ended', 'its network has ended; it carries nothing any more', '[network.ended]'],
  ])('is not called well, and its status ends with 5 (%s)', async (fate, headline, trouble) => {
    shop.shell.env['FAKE_SITE'] = fate;
    await caravan('join shop.json');
    for (const line of ['site status --dir retail-shop', 'status --dir retail-shop']) {
      const { code, stdout, stderr } = await caravan(line);
      expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining(`${headline}. [site.degraded]`) });
      expect(stdout).toContain(`: ${headline}\n`);
      expect(stdout).toContain('Troubles:');
      expect(stdout).toContain(trouble);
    }
    const { code, stdout, stderr } = await caravan('site status --dir retail-shop -o json');
    expect([code, JSON.parse(stdout)]).toMatchObject([5, { step: 'joined', troubles: [{}] }]);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'site.degraded', exitCode: 5 });
  });

  it('is not one that waits for its network to start', async () => {
    shop.shell.env['FAKE_SITE'] = 'waits';
    await shop.shell.run(['join', 'shop.json'], { interruptWhen: 'a key was made here' });
    const { code, stdout, stderr } = await caravan('site status --dir retail-shop');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('joining (key-made), waiting: network.not-started');
    expect(stdout).toContain('Waits:\n  The network retail starts at noon.');
    expect(stdout).not.toContain('Troubles');
  });
});

describe('a join that does not come about', () => {
  it('starts nothing where its log cannot be written, and says where and why', async () => {
    mkdirSync(inShop('.'), { recursive: true });
    symlinkSync('/dev/full', inShop('supervisor.log'));
    const { code, stderr } = await caravan('join shop.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[file.enospc]') });
    expect(stderr).toContain(`${inShop('supervisor.log')} cannot be used: there is no space left on its disk`);
    expect(stderr).toContain('try: free some space');
    expect(existsSync(inShop('site.json'))).toBe(false);
  });

  it('says of a process that ended without a word that it wrote none, and how much room there is', async () => {
    shop.shell.env['FAKE_SITE'] = 'mute';
    const { code, stderr } = await caravan('join shop.json');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('ended (exit code 70). It wrote nothing'),
    });
    expect(stderr).toMatch(/\d+ KiB are free on its disk/);
  });

  it('says once why a site cannot be started with its file, and what to do', async () => {
    shop.shell.env['FAKE_SITE'] = 'unfit';
    const { code, stderr } = await caravan('join shop.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[site.cannot-start]') });
    expect(stderr.split('its key is not that of its certificate')).toHaveLength(2);
    expect(stderr).toContain('  try: if the file is damaged: ask whoever sent it for another');
    expect(stderr).toContain(`at: ${inShop('supervisor.log')}`);
  });

  it('sends nobody for another file when it is the key of the site that is wrong', async () => {
    shop.shell.env['FAKE_SITE'] = 'sealed';
    const { code, stderr } = await caravan('join shop.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[site.cannot-start]') });
    expect(stderr).toContain('is sealed under another key. Start with the key that this site was made with.');
    expect(stderr).toContain('  try: mend what it says, and run the same command again');
    expect(stderr).not.toMatch(/ask whoever|site-directory\./);
  });

  it('says of a site that cannot begin why, as soon as its log does', async () => {
    shop.shell.env['FAKE_SITE'] = 'stumbles';
    const { code, stderr } = await caravan('join shop.json --timeout 8s');
    const pid = Number(/^.*"pid":(\d+)/m.exec(readFileSync(inShop('supervisor.log'), 'utf8'))?.[1]);
    process.kill(pid);
    const why = '/site cannot be written: no space is left. Free some.';
    expect(code).toBe(4);
    expect(stderr.split(`not yet: ${why}\n`)).toHaveLength(2);
    expect(stderr).toContain(`Not joined yet: ${why} It goes on trying`);
  });

  it('that meets another one in the same folder does not have it stopped', async () => {
    shop.shell.env['FAKE_SITE'] = 'in-use';
    const { code, stderr } = await caravan('join shop.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[site.in-use]') });
    expect(stderr).toContain('Another command is joining or starting the site');
    expect(stderr).toContain(`try: caravan site status --dir ${inShop('.').replace(/\/\.?$/, '')} shows how far it is`);
    expect(stderr).not.toContain('kill');
  });
});
