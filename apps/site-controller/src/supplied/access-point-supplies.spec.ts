import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { describeCertificate, Secret } from '@caravan/pki';
import { accessPointSupplies } from './access-point-supplies.js';
import { DAY, material, other, own, start, theirs } from './gathering.fixture.js';
import type { Material } from './material.js';
import { mint } from './minting.js';
import { OwnServer } from './own-server.js';
import { endsOf, proofOf } from './site-server.js';

const hosts = ['192.0.2.7', 'north.example'];
const items = hosts.map((host): Item => ({
  ...{ kind: 'certificate', id: `ap-${host}`, purpose: 'access-point', ordinal: 1, hosts: [host] },
}));
const server = (of: readonly string[]): Material => {
  const about = { profile: 'serviceServer', commonName: 'north', hosts: of, installation: 'test', now: start } as const;
  const { chain, key } = mint({ ...other, above: [] }, about);
  return { certificate: chain.join('\n'), key, trust: other.certificatePem };
};

/** A site with a disk, whose operator puts things there and whose process is started again. */
class Site {
  readonly supplied = new Map<string, Material>();
  now = start;
  readonly #disk = new Map<string, string>();
  #own = this.#started();

  restart(): void {
    this.#own = this.#started();
  }

  #started(): OwnServer {
    const read = (name: string) => Promise.resolve(this.#disk.get(name));
    const write = (name: string, text: string) => Promise.resolve(void this.#disk.set(name, text));
    return new OwnServer({ read, write });
  }

  get writes(): readonly string[] {
    return [...this.#disk.keys()];
  }

  look(ends = endsOf(items)) {
    const { supplied, now } = this;
    return accessPointSupplies({ supplied, ends, now, own: this.#own, site: { name: 'north', installation: 'test' } });
  }
}
const site = (supplied: Readonly<Record<string, Material>>): Site => {
  const made = new Site();
  for (const [name, each] of Object.entries(supplied)) made.supplied.set(name, each);
  return made;
};
const issuerOf = (pem = '') => describeCertificate(pem).issuer;

describe('what proves the access points of a site', () => {
  const AUTHORITY = material(theirs);
  const TRUST = { trust: theirs.certificatePem };
  const DAMAGED = { certificate: 'what is this', key: new Secret('nothing') };
  type Row = readonly [
    string,
    Readonly<Record<string, Material>>,
    proven: 'issued' | 'other' | 'theirs',
    problem: RegExp,
  ];
  const none = /^$/;
  /** Every combination of present, absent and unfit. */
  const rows: readonly Row[] = [
    ['nothing is supplied', {}, 'issued', none],
    ['site-server is', { 'site-server': server(hosts) }, 'other', none],
    ['site-server is, for other hosts', { 'site-server': server(['x']) }, 'issued', /^site-server: .*is not for/],
    ['site-server is, and cannot be read', { 'site-server': DAMAGED }, 'issued', /^site-server: /],
    ['site-ca is', { 'site-ca': AUTHORITY }, 'theirs', none],
    ['site-ca is, with ca.crt', { 'site-ca': { ...AUTHORITY, ...TRUST } }, 'theirs', none],
    [
      'site-ca is, and its ca.crt is another',
      { 'site-ca': { ...AUTHORITY, trust: own.certificatePem } },
      'issued',
      /does not lead to ca\.crt/,
    ],
    ['site-ca has ca.crt alone', { 'site-ca': TRUST }, 'issued', /^site-ca: it has no tls\.crt and tls\.key/],
    ['site-ca is no authority', { 'site-ca': server(hosts) }, 'issued', /^site-ca: .*is not an authority/],
    ['site-ca cannot be read', { 'site-ca': DAMAGED }, 'issued', /^site-ca: /],
    ['both are', { 'site-server': server(hosts), 'site-ca': AUTHORITY }, 'other', none],
    ['both are, site-ca unfit and unused', { 'site-server': server(hosts), 'site-ca': DAMAGED }, 'other', none],
    ['both are, site-server unfit', { 'site-server': DAMAGED, 'site-ca': AUTHORITY }, 'issued', /^site-server: /],
  ];
  it.each(rows)('where %s', async (_, supplied, proven, problem) => {
    const { server: found, problems } = await site(supplied).look();
    const names = { issued: undefined, other: 'CN=other', theirs: 'CN=theirs' };
    expect(found && issuerOf(found.certificate.chain[0])).toBe(names[proven]);
    expect([...problems].map(([name, detail]) => `${name}: ${detail}`).join()).toMatch(problem);
    if (found) expect(found.inPlaceOf).toEqual(new Set(items.map(({ id }) => id)));
  });

  it('is for all their hosts, and judged by the root of the authority that signs', async () => {
    const { server: found } = await site({ 'site-ca': AUTHORITY }).look();
    expect([...describeCertificate(found!.certificate.chain[0]!).hosts].sort()).toEqual(hosts);
    expect(proofOf(found!).trust).toEqual([theirs.certificatePem]);
  });

  it('stays the same over a restart, and is made anew for another host, by another authority, and in time', async () => {
    const at = site({ 'site-ca': AUTHORITY });
    const proof = async (ends?: Parameters<Site['look']>[0]) => proofOf((await at.look(ends)).server!).fingerprint;
    const first = await proof();
    expect(await proof()).toBe(first);
    at.restart();
    expect(await proof()).toBe(first);

    const fewer = await proof(endsOf(items.slice(1)));
    at.supplied.set('site-ca', material(other));
    const anothers = await proof();
    at.now = new Date(start.getTime() + 300 * DAY);
    expect(new Set([first, fewer, anothers, await proof()])).toHaveProperty('size', 4);
  });

  it('needs no key where there is nothing to prove', async () => {
    const at = site({ 'site-ca': AUTHORITY });
    expect(await at.look(new Map())).toEqual({ server: undefined, problems: new Map() });
    expect(at.writes).toEqual([]);
  });
});
