import { describe, expect, it } from 'vitest';
import { configurationSchema, emptyConfiguration } from '@caravan/data-plane';
import type { AccessKind, Item } from '@caravan/data-plane';
import { NOTHING_SUPPLIED } from '../supplied/index.js';
import { accessPoint, holding, link, nobody, PEM } from './configuration.fixture.js';
import { bootstrapIsOver, configurationOf } from './configuration.js';

const compile = (items: Item[], held = holding(), ports = new Map<string, number>(), shut = nobody) =>
  configurationOf({ siteId: 's', items, held, ports, shut, supplied: NOTHING_SUPPLIED });

describe('the configuration of a data plane', () => {
  it('is empty for a site of which nothing is asked', () => {
    expect(compile([])).toEqual(emptyConfiguration('s'));
  });

  it('has each item in its place and the certificates that they name', () => {
    const listener = { kind: 'listener', id: 'l', networkId: 'n', address: 'a', host: '127.0.0.1', port: 80 } as const;
    const connector = { ...listener, kind: 'connector', id: 'c' } as const;
    const configuration = compile(
      [listener, connector, link('one'), accessPoint('p', 'peer')],
      holding('site', 'ap-p', 'other'),
    );
    expect(configuration).toEqual({
      ...emptyConfiguration('s'),
      listeners: [listener],
      connectors: [connector],
      links: [link('one')],
      accessPoints: [accessPoint('p', 'peer')],
      certificates: {
        'ap-p': { chain: `${PEM}\n${PEM}`, key: 'the key' },
        site: { chain: `${PEM}\n${PEM}`, key: 'the key' },
      },
    });
    expect(configurationSchema.safeParse(configuration).success).toBe(true);
  });

  it('is the same whatever the order of the items', () => {
    expect(compile([link('b'), link('a')])).toEqual(compile([link('a'), link('b')]));
  });

  it('has an item whose certificate is missing: the data plane lets it wait', () => {
    expect(compile([link('one')])).toEqual({ ...emptyConfiguration('s'), links: [link('one')] });
  });

  it('asks for the port that an access point had before, where it may have any', () => {
    const ports = new Map([['any', 4711]]);
    const portOf = (...args: Parameters<typeof compile>) => compile(...args).accessPoints[0]?.bindPort;
    expect(portOf([accessPoint('any', 'member')], holding(), ports)).toBe(4711);
    expect(portOf([{ ...accessPoint('any', 'member'), bindPort: 45671 }], holding(), ports)).toBe(45671);
    expect(portOf([accessPoint('new', 'member')], holding(), ports)).toBe(0);
  });

  it('has no admission for whom its doors are shut, and keeps their ports', () => {
    const admission = (id: string, access: AccessKind) => ({ kind: 'admission', id, access }) as Item;
    const items = [accessPoint('m', 'member'), admission('members', 'member'), admission('peers', 'peer')];
    const { admissions, accessPoints } = compile(items, holding(), new Map(), new Set<AccessKind>(['member', 'claim']));
    expect([admissions.map(({ id }) => id), accessPoints.map(({ id }) => id)]).toEqual([['peers'], ['m']]);
  });

  it('has no certificate that is held and not asked to be', () => {
    const item: Item = { kind: 'certificate', id: 'spare', purpose: 'access-point', ordinal: 1, hosts: [] };
    expect(compile([item], holding('spare')).certificates).toEqual({});
  });
});

describe('TLS with applications', () => {
  const at = { networkId: 'n', address: 'a', host: '127.0.0.1', port: 80 };
  const listener: Item = {
    kind: 'listener',
    id: 'l',
    ...at,
    tls: { certificateId: 'site', clientTrustId: 'partners' },
  };
  const begins = { serverName: 'web.local', trustId: 'partners', certificateId: 'site' };
  const connector: Item = { kind: 'connector', id: 'c', ...at, tls: begins };
  const web = { chain: PEM, key: 'of the user' };
  const compiled = (certificates: Record<string, typeof web>) =>
    configurationOf({
      ...{ siteId: 's', items: [listener, connector], held: holding('site'), ports: new Map(), shut: nobody },
      supplied: { ...NOTHING_SUPPLIED, applications: { certificates, trusts: { partners: [PEM] } } },
    });

  it('is spoken with what is supplied, under names that are nobody else’s', () => {
    const configuration = compiled({ 'server.site': web, 'client.site': web });
    expect(configurationSchema.safeParse(configuration).success).toBe(true);
    expect(configuration).toMatchObject({
      certificates: { 'supplied.server.site': web, 'supplied.client.site': web },
      trusts: { 'supplied.partners': [PEM] },
      listeners: [{ tls: { certificateId: 'supplied.server.site', clientTrustId: 'supplied.partners' } }],
      connectors: [
        { tls: { serverName: 'web.local', trustId: 'supplied.partners', certificateId: 'supplied.client.site' } },
      ],
    });
  });

  it('never shows what proves the site to others, whatever it asks for', () => {
    const { certificates, listeners } = compiled({});
    expect(listeners[0]?.tls?.certificateId).toBe('supplied.server.site');
    expect(Object.keys(certificates)).not.toContain('supplied.server.site');
  });
});

describe('the bootstrap certificate', () => {
  it('serves at a manage access point until that has its own', () => {
    const before = compile([accessPoint('m', 'manage')], holding('bootstrap'));
    expect(before.accessPoints[0]?.certificateId).toBe('bootstrap');
    expect(Object.keys(before.certificates)).toEqual(['bootstrap']);
    const afterwards = compile([accessPoint('m', 'manage')], holding('bootstrap', 'ap-m'));
    expect(afterwards.accessPoints[0]?.certificateId).toBe('ap-m');
    expect(Object.keys(afterwards.certificates)).toEqual(['ap-m']);
  });

  it('serves nowhere else, and not where it was forgotten', () => {
    for (const access of ['claim', 'member', 'peer'] as const) {
      expect(compile([accessPoint('x', access)], holding('bootstrap')).accessPoints[0]?.certificateId).toBe('ap-x');
    }
    expect(compile([accessPoint('m', 'manage')]).accessPoints[0]?.certificateId).toBe('ap-m');
  });

  it.each([
    [false, 'a manage access point waits for its own', [accessPoint('m', 'manage')], holding('bootstrap')],
    [false, 'an access point names it', [accessPoint('m', 'manage', 'bootstrap')], holding('bootstrap')],
    [false, 'a link is dialled with it', [link('one', 'bootstrap')], holding('bootstrap')],
    [true, 'every manage access point has its own', [accessPoint('m', 'manage')], holding('bootstrap', 'ap-m')],
    [true, 'there is none', [accessPoint('p', 'peer')], holding('bootstrap')],
  ])('is over: %s, when %s', (over, _, items, held) => {
    expect(bootstrapIsOver({ items, held })).toBe(over);
  });
});
