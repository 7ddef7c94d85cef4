import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ids } from '../fakes/world.fixture.js';
import { Shop } from './shop.fixture.js';

const shop = new Shop();
const { caravan } = shop;

describe('expose and consume', () => {
  it('ask the site, and wait until it has done it', async () => {
    await caravan('join shop.json');
    expect(await caravan('expose inventory db.internal:9000 --dir retail-shop')).toEqual({
      code: 0,
      stdout: `db.internal:9000 answers for inventory, at the site in ${path.join(shop.shell.cwd, 'retail-shop')}\n`,
      stderr: '',
    });
    const consumed = await caravan('consume inventory --port 8080 --dir retail-shop -o json');
    expect(JSON.parse(consumed.stdout)).toMatchObject({ address: 'inventory', host: '127.0.0.1', state: 'applied' });
    expect((await caravan('unconsume inventory:8080 --dir retail-shop')).stdout).toContain('closed');
    expect((await caravan('unexpose inventory --dir retail-shop')).code).toBe(0);
    const again = await caravan('unexpose inventory --dir retail-shop');
    expect(again.stderr).toContain('[connector.unknown]');
    expect(again.stderr).toContain(`try: caravan site connectors --dir ${path.join(shop.shell.cwd, 'retail-shop')}`);
    expect(shop.api.seen).toEqual([]);
  });

  it('fail with what the relay says when the site cannot do it', async () => {
    shop.shell.env['FAKE_ENDPOINT'] = 'port 8080 is taken by another program';
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

  it('say of what the site has not done in time that it was decided, and what keeps the site from it', async () => {
    shop.shell.env['FAKE_SITE'] = 'full';
    await caravan('join shop.json');
    const { code, stdout, stderr } = await caravan('expose inventory 9000 --dir retail-shop');
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    const [notice, what, ...remedies] = stderr.split('\n');
    expect(notice).toMatch(/^Decided; waiting for it to be done at the site in .*retail-shop, about 15 s at most …$/);
    expect(what).toMatch(/ was decided; the site in .*retail-shop has not done it yet: No space is left\. Free some/);
    expect(what).toContain('[disk.full] [connector.not-done]');
    expect(remedies[0]).toMatch(/^ {2}try: caravan site connectors --dir .* shows when it is done/);
    expect(stderr).not.toContain('answers for');
  });

  it('say of what may have been decided where to look, and nothing that only a program could send', async () => {
    shop.shell.env['FAKE_MANAGEMENT'] = 'away';
    await caravan('join shop.json');
    const dir = path.join(shop.shell.cwd, 'retail-shop');
    const { code, stderr } = await caravan('expose inventory 9000 --dir retail-shop');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[management.away]') });
    expect(stderr).toContain('It is not known whether it was decided.');
    expect(stderr).toContain(`try: caravan site connectors --dir ${dir} shows whether it took effect; run this again`);
    expect(stderr).not.toContain('Idempotency-Key');

    const detail = 'It may have taken effect all the same; sent again with the same Idempotency-Key it does so once.';
    shop.api.refusing = { createConnector: { status: 504, code: 'service.timeout', detail } };
    const central = await caravan('expose orders 5432 --network retail --member hq');
    shop.api.refusing = {};
    expect(central.stderr).toContain('It may have taken effect all the same. [service.timeout]');
    expect(central.stderr).toContain('try: caravan get connectors --network retail --member hq shows whether');
  });

  it('ask the management plane for a member site', async () => {
    expect((await caravan('expose orders 5432 --member hq')).stdout).toContain('127.0.0.1:5432 answers for orders');
    expect((await caravan('consume orders --port 5433 --network retail --member store-1')).code).toBe(0);
    expect(shop.api.seen.filter(({ route }) => route.startsWith('create'))).toMatchObject([
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
    expect(shop.api.seen).toEqual([]);
  });
});
