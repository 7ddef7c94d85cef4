import { describe, expect, it } from 'vitest';
import { InvitationIssued, InvitationRevoked, PLAIN_TERMS } from '@caravan/events';
import type { Event } from '@caravan/events';
import { accessPoint, backboneId, created, site } from '../backbones/backbone.fixture.js';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { InvitationAccessPoints } from './invitation-access-points.js';

const ids = (...names: string[]) => names.map(id);
const backbone = [created, site('north'), site('south')];
const all = [
  ...backbone,
  accessPoint('north/claim', 'claim'),
  accessPoint('south/claim', 'claim'),
  accessPoint('north/member', 'member'),
  accessPoint('north/peer', 'peer'),
];
const choose = (events: typeof all, ...asked: Parameters<InvitationAccessPoints['choose']>) =>
  new InvitationAccessPoints(readModelsOf(...events)).choose(...asked);

describe('the access points of an invitation', () => {
  it('are all of their kind when nobody chose', async () => {
    expect(await choose(all, backboneId, 'claim', undefined)).toEqual(ids('north/claim', 'south/claim'));
    expect(await choose(all, backboneId, 'member', undefined)).toEqual(ids('north/member'));
  });

  it('are those that were asked for, in that order, each once', async () => {
    const asked = ids('south/claim', 'north/claim', 'south/claim');
    expect(await choose(all, backboneId, 'claim', asked)).toEqual(ids('south/claim', 'north/claim'));
  });

  it('are never none: a site could not get in', async () => {
    await expect(choose(backbone, backboneId, 'claim', undefined)).rejects.toMatchObject({
      code: 'invitation.no-access-point',
      details: { kind: 'claim' },
    });
  });

  it('are of the kind that they are for', async () => {
    await expect(choose(all, backboneId, 'claim', ids('north/claim', 'north/peer'))).rejects.toMatchObject({
      code: 'access-point.wrong-kind',
      details: { accessPointId: id('north/peer'), kind: 'peer', wanted: 'claim' },
    });
  });

  it('are on the network’s backbone: another’s is unknown there', async () => {
    await expect(choose(all, id('another'), 'claim', ids('north/claim'))).rejects.toMatchObject({
      code: 'access-point.unknown',
      details: { accessPointId: id('north/claim') },
    });
  });

  it('are not removed while an open invitation leads to them', async () => {
    const issued = (name: string, ...leadsTo: string[]) =>
      InvitationIssued({
        invitationId: id(name),
        networkId: id('network'),
        backboneId,
        name,
        namePrefix: name,
        deadline: null,
        instanceLimit: null,
        ...PLAIN_TERMS,
        siteClasses: [],
        claimAccessPoints: ids(...leadsTo),
        memberAccessPoints: ids('north/member'),
      });
    const remove = (accessPointName: string, ...events: Event[]) =>
      new InvitationAccessPoints(readModelsOf(...all, ...events)).requireUninvited({
        backboneId,
        accessPointId: id(accessPointName),
      });
    const open = issued('store', 'north/claim');
    await expect(remove('north/claim', open)).rejects.toMatchObject({
      code: 'access-point.has-invitations',
      details: { invitations: 1 },
    });
    await expect(remove('north/member', open)).rejects.toMatchObject({ code: 'access-point.has-invitations' });
    await expect(remove('south/claim', open)).resolves.toBeUndefined();
    const revoked = InvitationRevoked({ invitationId: id('store') });
    await expect(remove('north/claim', open, revoked)).resolves.toBeUndefined();
  });
});
