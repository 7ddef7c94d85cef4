import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { describeCertificate, isProvenByLinkKey, Secret } from '@caravan/pki';
import { DAY, material, start, theirs } from './gathering.fixture.js';
import { linkNames, linkSupplies } from './link-supplies.js';
import type { LinkSupplies } from './link-supplies.js';
import type { Material } from './material.js';
import { mint } from './minting.js';

const link = (id: string) => ({ kind: 'link', id }) as Item;
const made = (profile: 'serviceClient' | 'serviceServer' = 'serviceClient'): Material => {
  const about = { profile, commonName: 'till', hosts: ['till.example'], installation: 'test', now: start } as const;
  const { chain, key } = mint({ ...theirs, above: [] }, about);
  return { certificate: chain.join('\n'), key: new Secret(key.reveal()) };
};
const names = linkNames([link('a'), link('b')]);
const look = (supplied: Readonly<Record<string, Material>>, before: LinkSupplies['links'] = new Map(), now = start) =>
  linkSupplies(new Map(Object.entries(supplied)), names, { siteId: 'mine', before, now });

describe('what an operator supplies for links', () => {
  it('lies under the name of a link, and is told with the proof that the site has its key', () => {
    const { links, problems } = look({ 'link-a': made(), 'link-z': made() });
    expect([[...links.keys()], [...problems]]).toEqual([['a'], []]);
    const { told, fingerprint, certificate } = links.get('a')!;
    expect(describeCertificate(told.certificate).fingerprint).toBe(fingerprint);
    const { publicKey } = new X509Certificate(told.certificate);
    expect(isProvenByLinkKey({ siteId: 'mine', certificate: told.certificate }, told.proof, publicKey)).toBe(true);
    expect(certificate.chain).toHaveLength(1);
  });

  it('is told in the same words while it stays', () => {
    const supplied = { 'link-a': made() };
    const { links } = look(supplied);
    expect(look(supplied, links).links.get('a')).toBe(links.get('a'));
    expect(look({ 'link-a': made() }, links).links.get('a')).not.toBe(links.get('a'));
  });

  it.each([
    ['it is for servers', made('serviceServer'), /may not be used as a client/],
    ['it is an authority', material(theirs), /is an authority/],
    ['there is no key', { certificate: made().certificate! }, /tls\.key is missing/],
    ['there is ca.crt alone', { trust: theirs.certificatePem }, /no tls\.crt and tls\.key/],
  ])('is of no use where %s', (_, unfit: Material, why) => {
    const { links, problems } = look({ 'link-a': unfit, 'link-b': made() });
    expect([...links.keys()]).toEqual(['b']);
    expect(problems.get('link-a')).toMatch(why);
  });

  it('is used no longer than it is valid', () => {
    const { links, problems } = look({ 'link-a': made() }, undefined, new Date(start.getTime() + 4_000 * DAY));
    expect([links.size, problems.get('link-a')]).toEqual([0, expect.stringMatching(/expired|not after/i)]);
  });
});
