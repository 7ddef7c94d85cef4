import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';
import { DAY, other, own, start, theirs } from './gathering.fixture.js';
import type { Material } from './material.js';
import { mint } from './minting.js';
import { endsOf, siteServerOf } from './site-server.js';

const certificate = (id: string, ...hosts: string[]): Item => ({
  ...{ kind: 'certificate', id: `ap-${id}`, purpose: 'access-point', ordinal: 1, hosts },
});
const ends = endsOf([certificate('peer', 'north.example'), certificate('member', '192.0.2.7')]);

/** As somebody else's authority makes it. */
const made = (hosts: string[], profile: 'serviceServer' | 'serviceClient' = 'serviceServer'): Material => {
  const about = { profile, commonName: 'north', hosts, installation: 'test', now: start };
  const { chain, key } = mint({ ...theirs, above: [] }, about);
  return { certificate: chain.join('\n'), key: new Secret(key.reveal()) };
};
const both = ['north.example', '192.0.2.7'];
const judge = (material: Material, now = start) => siteServerOf(material, ends, now);
const problemOf = (material: Material, now = start) => judge(material, now).problems.join('; ');

describe('what proves access points in the place of what is issued to them', () => {
  it('is a certificate for their hosts, told with what it is to be judged by', () => {
    const { server, problems } = judge({ ...made(both), trust: theirs.certificatePem });
    expect(problems).toEqual([]);
    expect(server).toMatchObject({ trust: [theirs.certificatePem], inPlaceOf: new Set(['ap-peer', 'ap-member']) });
  });

  it('may come with its root instead', () => {
    const { certificate: leaf, key } = made(both);
    const whole = { certificate: `${leaf}\n${theirs.certificatePem}`, key: key! };
    expect(judge(whole).server?.trust).toEqual([theirs.certificatePem]);
    expect(problemOf({ certificate: leaf!, key: key! })).toMatch(/no ca\.crt/);
  });

  it('leaves those access points alone whose host it does not name, and says so', () => {
    const { server, problems } = judge({ ...made(['north.example']), trust: theirs.certificatePem });
    expect(server?.inPlaceOf).toEqual(new Set(['ap-peer']));
    expect(problems.join()).toMatch(/north is not for 192\.0\.2\.7/);
    const { server: none } = judge({ ...made(['elsewhere.example']), trust: theirs.certificatePem });
    expect(none).toBeUndefined();
  });

  it.each([
    ['it is for clients', () => ({ ...made(both, 'serviceClient'), trust: theirs.certificatePem }), /as a server/],
    ['it stands elsewhere', () => ({ ...made(both), trust: own.certificatePem }), /does not lead to ca\.crt/],
    ['its key is another', () => ({ ...made(both), key: made(both).key!, trust: theirs.certificatePem }), /key is not/],
    ['there is a ca.crt alone', () => ({ trust: theirs.certificatePem }), /no tls\.crt/],
    [
      'there is more to trust than others are told',
      () => ({ ...made(both), trust: [theirs, own, other, theirs, own].map((each) => each.certificatePem).join('') }),
      /5 authorities, and 4/,
    ],
  ])('is not used at all where %s', (_, supplied, why) => {
    expect(judge(supplied()).server).toBeUndefined();
    expect(problemOf(supplied())).toMatch(why);
  });

  it('is used no longer than it is valid', () => {
    const material = { ...made(both), trust: theirs.certificatePem };
    expect(judge(material, new Date(start.getTime() + 4_000 * DAY)).server).toBeUndefined();
    expect(problemOf(material, new Date(start.getTime() - DAY))).toMatch(/not yet|not-yet/);
  });
});
