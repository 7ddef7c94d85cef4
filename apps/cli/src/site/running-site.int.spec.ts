import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { isAlive, Shop } from './shop.fixture.js';

const shop = new Shop();
const { caravan, inShop, pidOf } = shop;

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

  it('leaves its network, and is stopped then', async () => {
    await caravan('join shop.json');
    const pid = pidOf();
    const { code, stdout, stderr } = await caravan('site leave --dir retail-shop');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/has left network\/retail, for good, and was stopped/);
    expect(isAlive(pid)).toBe(false);
    expect(await caravan('site leave --dir retail-shop')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('caravan site start --dir'),
    });
  });

  it('stays where the management plane is away when it wants to leave', async () => {
    shop.shell.env['FAKE_MANAGEMENT'] = 'away';
    await caravan('join shop.json');
    expect((await caravan('site leave --dir retail-shop')).stderr).toContain('[management.away]');
    expect(isAlive(pidOf())).toBe(true);
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

  it('that is just being started is waited for, and is not said to be stopped', async () => {
    await caravan('join shop.json');
    await caravan('site stop --dir retail-shop');
    expect(existsSync(inShop('api.json'))).toBe(false);
    shop.shell.env['FAKE_SITE'] = 'member';
    const gate = (shop.shell.env['FAKE_GATE'] = path.join(shop.shell.cwd, 'gate'));
    const starting = caravan('site start --dir retail-shop');
    await eventually('its process is there', () => existsSync(inShop('supervisor.lock')));
    const asking = caravan('site status --dir retail-shop');
    expect(existsSync(inShop('api.json'))).toBe(false);
    writeFileSync(gate, '');
    const { code, stderr } = await asking;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await starting).toMatchObject({ code: 0 });
  });

  it('that cannot begin is not said to be stopped, and can be', async () => {
    shop.shell.env['FAKE_SITE'] = 'stumbles';
    await shop.shell.run(['join', 'shop.json'], { interruptWhen: 'not yet: /site cannot be written' });
    const pid = Number(readFileSync(inShop('supervisor.lock'), 'utf8').split(' ')[0]);
    const { code, stderr } = await caravan('site status --dir retail-shop');
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('[site.not-answering]') });
    expect(stderr).toContain(`process ${pid}`);
    expect((await caravan('site stop --dir retail-shop')).stdout).toContain('stopped');
    expect(isAlive(pid)).toBe(false);
    // What the kill left is no process.
    expect((await caravan('site status --dir retail-shop')).stderr).toContain('[site.not-running]');
  });

  it('is not stopped, nor told of, by a copy of its folder', async () => {
    await caravan('join shop.json');
    cpSync(inShop('.'), path.join(shop.shell.cwd, 'copy'), { recursive: true });
    expect((await caravan('site stop --dir copy')).stdout).toContain('was not running');
    expect(isAlive(pidOf())).toBe(true);
    expect((await caravan('site status --dir copy')).stderr).toContain('[site.not-running]');
    symlinkSync(inShop('.'), path.join(shop.shell.cwd, 'link'));
    expect(await caravan('site status --dir link')).toMatchObject({ code: 0 });
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
    writeFileSync(inShop('supervisor.lock'), `${process.pid} of this machine`);
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
    writeFileSync(inShop('supervisor.lock'), `${process.pid} of this machine`);
    expect((await caravan('site status --dir retail-shop')).stderr).toContain('[site.not-running]');
    writeFileSync(inShop('api.json'), ours);
  });

  it('says what it is and how it is', async () => {
    await caravan('join shop.json');
    await caravan('consume inventory --port 8080 --dir retail-shop');
    expect(shop.shell.steady((await caravan('status --dir retail-shop')).stdout)).toMatchSnapshot();
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
