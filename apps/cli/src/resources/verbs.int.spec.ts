import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getNetwork } from '@caravan/api';
import { parse } from 'yaml';
import { Shell } from '../fakes/shell.fixture.js';
import { FakeApi, TOKEN } from '../fakes/fake-api.fixture.js';
import { freshWorld, idNumber, ids } from '../fakes/world.fixture.js';
import type { Record_ } from '../fakes/world.fixture.js';

const api = new FakeApi();
const shell = new Shell();
beforeAll(async () => {
  shell.env = { CARAVAN_URL: await api.start(), CARAVAN_TOKEN: TOKEN };
});
beforeEach(() => {
  api.world = freshWorld();
  api.pageSize = 500;
  api.seen.length = 0;
});
afterAll(async () => {
  await api.stop();
  shell.remove();
});

const caravan = (line: string) => shell.here(line.split(' '));
/** What it printed, when it ended well and had nothing to complain about. */
const printed = async (line: string): Promise<string> => {
  const ended = await caravan(line);
  expect({ line, ...ended }).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
};

const everyKind = [
  'backbones',
  'backbone-sites',
  'access-points',
  'links',
  'networks',
  'site-classes',
  'invitations',
  'members',
  'listeners --member store-1',
  'connectors --member hq',
  'authorities',
  'certificates',
];

describe('get', () => {
  it.each(everyKind)('shows %s as a table, a wide one and names', async (kind) => {
    for (const format of ['table', 'wide', 'name']) {
      expect(await printed(`get ${kind} -o ${format}`)).toMatchSnapshot(format);
    }
  });

  it.each(everyKind)('gives %s as json and yaml in the shape of the API', async (kind) => {
    const json = JSON.parse(await printed(`get ${kind} -o json`)) as { items: Record_[]; next: null };
    expect(json.next).toBeNull();
    expect(Object.values(api.world)).toContainEqual(expect.arrayContaining(json.items));
    expect(parse(await printed(`get ${kind} -o yaml`))).toEqual(json);
  });

  it('shows one by name or by id, and gives the item itself as json', async () => {
    expect(await printed('get network retail')).toMatchSnapshot();
    expect(await printed(`get network ${ids.retail}`)).toBe(await printed('get network retail'));
    expect(JSON.parse(await printed('get network retail -o json'))).toEqual(api.world['networks']?.[0]);
    expect(parse(await printed('get network/retail -o yaml'))).toEqual(api.world['networks']?.[0]);
  });

  it.each([
    ['access-point east/peer', ids.eastPeer],
    ['access-point peer', ids.eastPeer],
    ['link west/east', ids.link],
    ['listener inventory:8080 --member store-1', ids.memberStore],
    ['authority root', 'CN=Caravan root CA'],
    ['certificate 0a1b', ids.memberHq],
    ['site-state east', ids.east],
    ['state hq --network retail', ids.memberHq],
  ])('finds %s', async (words, has) => {
    expect(await printed(`get ${words} -o json`)).toContain(has);
  });

  it('puts the pages of a list together, and stops at a limit with what comes next', async () => {
    api.pageSize = 1;
    const all = JSON.parse(await printed('get members -o json')) as { items: Record_[] };
    expect(all.items.map(({ name }) => name)).toEqual(['hq', 'store-1']);
    expect(JSON.parse(await printed('get members --limit 1 -o json'))).toMatchObject({
      items: [{ name: 'hq' }],
      next: '1',
    });
  });

  it('narrows a list by the kind’s own options', async () => {
    expect(await printed('get access-points --site east --kind claim -o name')).toBe('access-point/east/claim\n');
    expect(await printed('get members --invitation store -o name')).toBe('member/store-1\n');
  });

  it('shows those of every parent with --all, and says which', async () => {
    expect(await printed('get listeners --all')).toMatchSnapshot();
  });

  it('says on stderr that there are none', async () => {
    expect(await caravan('get listeners --member hq')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There are no listeners.\n',
    });
  });
});

describe('a parent', () => {
  it('is the only one there is; with several, options say which, and each is listed', async () => {
    api.world['networks']?.push({ ...api.world['networks'][0], id: idNumber(42), name: 'wholesale' });
    expect(await caravan('get members')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--network retail\n.*--network wholesale/),
    });
    expect(await printed('get members --network retail -o name')).toBe('member/hq\nmember/store-1\n');
    expect(await printed('get members --all')).toContain('retail   hq');
  });

  it('that does not exist yet is named, with how it comes to be', async () => {
    api.world['networks'] = [];
    expect(await caravan('get members')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/There is no network yet\. \[cli\.none-yet\]\n {2}try: caravan create network/),
    });
  });
});

describe('describe', () => {
  it.each([
    'backbone demo',
    'backbone-site east',
    'access-point east/peer',
    'link west/east',
    'network retail',
    'invitation store',
    'member store-1',
    'listener inventory --member store-1',
    'authority member',
    'certificate 0a1b',
    'site-state store-1',
  ])('shows %s in words', async (words) => {
    expect(await printed(`describe ${words}`)).toMatchSnapshot();
  });

  it('asks for the one that a name means, of which a list may say less', async () => {
    await printed('describe network retail');
    expect(api.seen.map(({ route }) => route)).toContain(getNetwork.name);
    api.seen.length = 0;
    await printed(`describe network ${String(api.world['networks']?.[0]?.['id'])}`);
    expect(api.seen.filter(({ route }) => route === getNetwork.name)).toHaveLength(1);
  });

  it('gives the item alone as json and yaml', async () => {
    expect(JSON.parse(await printed('describe network retail -o json'))).toEqual(api.world['networks']?.[0]);
    expect(parse(await printed('describe network retail -o yaml'))).toEqual(api.world['networks']?.[0]);
    expect(await printed('describe network retail -o name')).toBe('network/retail\n');
  });
});

describe('create', () => {
  it.each([
    ['backbone other', 'createBackbone', {}, { name: 'other' }],
    ['backbone-site north', 'createBackboneSite', { backboneId: ids.demo }, { name: 'north' }],
    [
      'access-point extra --site west --kind peer --bind-port 7443 --host relay.example --port 443',
      'createAccessPoint',
      { backboneId: ids.demo, siteId: ids.west },
      { name: 'extra', kind: 'peer', bindHost: '0.0.0.0', bindPort: 7443, host: 'relay.example', port: 443 },
    ],
    [
      'link --from west --to east/peer --cost 3',
      'createLink',
      { backboneId: ids.demo },
      { siteId: ids.west, accessPointId: ids.eastPeer, cost: 3 },
    ],
    [
      'link --from west',
      'createLink',
      { backboneId: ids.demo },
      { siteId: ids.west, accessPointId: ids.eastPeer, cost: 1 },
    ],
    [
      'network other --ends 2027-01-31T18:00+02:00',
      'createNetwork',
      {},
      { name: 'other', backboneId: ids.demo, endsAt: '2027-01-31T16:00:00.000Z' },
    ],
    ['site-class gold', 'createSiteClass', { networkId: ids.retail }, { name: 'gold' }],
    [
      'invitation pop-up --limit none --class storefront,gold --class silver --prefix pop',
      'createInvitation',
      { networkId: ids.retail },
      { name: 'pop-up', instanceLimit: null, siteClasses: ['storefront', 'gold', 'silver'], namePrefix: 'pop' },
    ],
    [
      'listener orders --member hq --port 8081',
      'createListener',
      { networkId: ids.retail, memberId: ids.memberHq },
      { address: 'orders', host: '127.0.0.1', port: 8081 },
    ],
    [
      'connector orders --member hq --port 5432 --host db.internal',
      'createConnector',
      { networkId: ids.retail, memberId: ids.memberHq },
      { address: 'orders', host: 'db.internal', port: 5432 },
    ],
  ])('sends what %s says', async (words, route, params, body) => {
    expect(await printed(`create ${words}`)).toMatch(/^[a-z-]+\/\S+ created\n$/);
    const sent = api.seen.find((request) => request.route === route);
    expect(sent).toMatchObject({ params, body });
    expect(sent?.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('prints what was made in the shape of the API, or its name', async () => {
    const made = JSON.parse(await printed('create backbone one -o json')) as Record_;
    expect(made).toEqual(api.world['backbones']?.at(-1));
    expect(await printed('create backbone two -o name')).toBe('backbone/two\n');
  });

  it('says of what is written and not in the lists yet that it was created, and where it will be', async () => {
    const detail = 'The lists are at position 6 and not yet at 7 (they are behind). What was written is safe.';
    const refusal = { status: 503, code: 'projection.behind', detail };
    api.refusing = { createBackbone: refusal, deleteSiteClass: refusal };
    const { code, stderr } = await caravan('create backbone other');
    const { stderr: deleting } = await caravan('delete site-class storefront');
    api.refusing = {};
    expect(code).toBe(1);
    expect(stderr).toContain('The backbone was created, and the lists do not show it yet: The lists are at position 6');
    expect(stderr).toContain('try: caravan status says why the lists are behind');
    expect(stderr).toContain('try: caravan get backbones, once they are well: it is there, and is not to be created');
    expect(deleting).toContain('try: after a change: it was made, and caravan get shows it once the lists are well');
  });
});

describe('revoke', () => {
  it('takes an invitation back', async () => {
    expect(await printed('revoke invitation store')).toBe('invitation/store revoked\n');
    expect(await printed('get invitation store -o json')).toContain('"status": "revoked"');
  });
});

describe('evict of who was evicted', () => {
  it('says when that was, and how far it came', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const [retail] = api.world['networks'] as [{ id: string; backboneId: string }];
    const of = { targetKind: 'member', targetId: retail.id, name: 'gone', reason: 'unspecified', networkId: retail.id };
    const how = { backboneId: retail.id, status: 'enforced', confirmed: [], enforcedAt: at, enforcedAfterMs: 20 };
    const revocation = { id: retail.id, ...of, ...how, createdAt: at };
    const elsewhere = { ...revocation, id: retail.backboneId, networkId: retail.backboneId, name: 'elsewhere' };
    api.world['revocations'] = [elsewhere, { ...revocation, id: retail.backboneId, name: 'another' }, revocation];
    const said = 'member gone was evicted at 2026-01-01T00:00:00.000Z: nobody had to be told\n';
    expect(await printed('evict member gone --network retail')).toBe(said);
    expect(await printed(`evict member ${retail.id} --network retail`)).toBe(said);
    for (const name of ['nobody', 'elsewhere'])
      expect(await caravan(`evict member ${name} --network retail`)).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('admin rebuild-projections', () => {
  it('says how far the lists were made anew', async () => {
    expect((await caravan('admin rebuild-projections')).stdout).toBe(
      'Rebuilt up to position 120 of the log in 1.5 s.\n',
    );
    expect(await caravan('admin rebuild-projections -o json')).toMatchObject({
      code: 0,
      stdout: JSON.stringify({ position: 120, ms: 1500 }, null, 2) + '\n',
    });
  });
});

describe('delete', () => {
  it.each([
    ['backbone-site west', 'sites', ids.west],
    ['access-point west/member', 'access-points', ids.westMember],
    ['link west/east', 'links', ids.link],
    ['site-class storefront', 'site-classes', ids.storefront],
    ['invitation/hq', 'invitations', ids.hq],
    ['member hq --network retail', 'members', ids.memberHq],
  ])('removes %s', async (words, collection, id) => {
    expect(api.world[collection]).toContainEqual(expect.objectContaining({ id }));
    expect(await printed(`delete ${words}`)).toMatch(/ deleted\n$/);
    expect(api.world[collection]).not.toContainEqual(expect.objectContaining({ id }));
  });
});
