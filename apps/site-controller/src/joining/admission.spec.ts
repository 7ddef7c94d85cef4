import { describe, expect, it } from 'vitest';
import type { Identity } from '@caravan/pki';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { admissionOf } from './admission.js';
import type { Origin } from './joining.js';

const authorities = testAuthorities();
const control = { serverName: 'caravan.control', trust: [], direct: null };
const member: Origin = {
  role: 'member',
  installation: INSTALLATION,
  control,
  sourceId: 'i',
  asOf: 0,
  network: { id: 'n', name: 'retail' },
  backbone: null,
};
const backbone: Origin = {
  ...member,
  role: 'backbone',
  sourceId: 's',
  asOf: 0,
  network: null,
  backbone: { id: 'b', name: 'demo' },
};

const memberIdentity = (networkId: string, memberId: string, installation = INSTALLATION): Identity => ({
  kind: 'member',
  installation,
  networkId,
  memberId,
});
const siteIdentity = (backboneId: string, siteId: string): Identity => ({
  kind: 'backbone-site',
  installation: INSTALLATION,
  backboneId,
  siteId,
});
const admitted = (
  origin: Origin,
  profile: 'member' | 'backboneSite' | 'claim',
  identity: Identity,
  siteId = 's',
  items: object[] = [{ kind: 'link' }],
) =>
  admissionOf(origin, {
    status: 'admitted',
    siteId,
    name: 'hq',
    networkId: null,
    certificateId: 'c',
    chain: authorities.make(profile, identity).chain,
    items,
  });

describe('an admission', () => {
  it('is to the network of the invitation, or to the backbone site of the bundle', () => {
    expect(admitted(member, 'member', memberIdentity('n', 's'))).toMatchObject({ siteId: 's', name: 'hq' });
    expect(admitted(backbone, 'backboneSite', siteIdentity('b', 's'))).toMatchObject({ siteId: 's' });
  });

  it.each([
    ['to another network', member, 'member', memberIdentity('other', 's')],
    ['as another member than the answer says', member, 'member', memberIdentity('n', 'other')],
    ['as a backbone site', member, 'backboneSite', siteIdentity('b', 's')],
    [
      'with another claim certificate',
      member,
      'claim',
      { ...memberIdentity('n', 's'), kind: 'claim', invitationId: 'i' },
    ],
    ['to another installation', member, 'member', memberIdentity('n', 's', 'elsewhere')],
    ['to another backbone', backbone, 'backboneSite', siteIdentity('other', 's')],
    ['as another site of the backbone', backbone, 'backboneSite', siteIdentity('b', 'other')],
  ] as const)('is not taken %s', (_, origin, profile, identity) => {
    expect(() => admitted(origin, profile, identity as Identity)).toThrow(/not what this site asked for|identity\./);
  });

  it('of a member is not taken before there is a way to reach the network', () => {
    expect(() => admitted(member, 'member', memberIdentity('n', 's'), 's', [])).toThrow('can be reached yet');
    expect(admitted(backbone, 'backboneSite', siteIdentity('b', 's'), 's', []).items).toEqual([]);
  });

  it('of a bundle is not taken for another site, whatever its certificate says', () => {
    expect(() => admitted(backbone, 'backboneSite', siteIdentity('b', 'x'), 'x')).toThrow(
      'not what this site asked for',
    );
  });
});
