import { beforeEach, describe, expect, it } from 'vitest';
import { InvitationIssued } from '@caravan/events';
import type { Event } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import * as backbone from '../backbones/backbone.fixture.js';
import { established, issued } from '../certificates/certificate.fixture.js';
import { Issuing } from '../certificates/issuing.js';
import { Deciders } from '../deciding/deciders.js';
import { answering } from '../desired-state/desired-state.fixture.js';
import { id } from '../example.fixture.js';
import * as network from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { newCsr } from '../site-endpoints/site-endpoint.fixture.js';
import { InvitationAccessPoints } from './invitation-access-points.js';
import { InvitationCredentials } from './invitation-credentials.js';
import { InvitationsController } from './invitations.controller.js';

const { accessPoint, addressed, accessPointRemoved } = backbone;
const terms = network.terms('store', {
  claimAccessPoints: [id('north/claim'), id('south/claim')],
  memberAccessPoints: [id('north/member')],
});
const metadata = commandMetadata();
const item = { kind: 'certificate', id: 'site', purpose: 'site', ordinal: 1, hosts: [] };
const unaddressed = [
  backbone.created,
  backbone.site('north'),
  backbone.site('south'),
  accessPoint('north/claim', 'claim'),
  accessPoint('south/claim', 'claim'),
  accessPoint('north/other', 'claim', 'other.example'),
  accessPoint('north/member', 'member'),
  network.created,
  InvitationIssued(terms),
  established('management'),
];

const claimReported = addressed('south/claim', '192.0.2.1', 7443, 'site');

describe('the credential of an invitation', () => {
  let store: InMemoryEventStore;
  beforeEach(async () => {
    store = new InMemoryEventStore();
    const command = { type: 'IssueInvitation', invitationId: terms.invitationId, terms, metadata } as const;
    await new Deciders(store).invitation(command);
  });

  const over = (...events: Event[]) => {
    const readModels = readModelsOf(...events);
    const issuing = Object.assign(new Issuing(store), { within: async () => ({ ...issued(id('x')), position: 1 }) });
    const { desiredState } = answering({ revision: 1, items: [item] });
    const accessPoints = new InvitationAccessPoints(readModels);
    const deciders = new Deciders(store);
    const credentials = new InvitationCredentials(deciders, readModels, accessPoints, issuing, desiredState, 'demo');
    const controller = new InvitationsController(deciders, readModels, accessPoints, credentials);
    const params = { networkId: network.networkId, invitationId: terms.invitationId };
    const idFor = (what: string) => derivedId(what, metadata.commandId);
    return { controller, asked: { params, query: {}, body: { csr: newCsr() }, metadata, idFor } as never };
  };
  const ask = (...events: Event[]) => {
    const { controller, asked } = over(...events);
    return controller.credential(asked);
  };

  it('is refused while nobody knows where to claim: nothing is signed for a file that leads nowhere', async () => {
    const { position } = store;
    await expect(ask(...unaddressed)).rejects.toMatchObject({
      code: 'invitation.no-address-yet',
      details: { detail: expect.stringMatching(/no address is known of north\/claim, south\/claim\. Say .*SITE_HOST/) },
    });
    expect(store.position).toBe(position);
  });

  it('is refused while nobody knows where to link after that', async () => {
    await expect(ask(...unaddressed, claimReported)).rejects.toMatchObject({
      code: 'invitation.no-address-yet',
      details: {
        detail: expect.stringMatching(/^No site that claims could link: no address is known of north\/member\./),
      },
    });
  });

  it('is made as soon as one of its access points of each kind has an address, whoever gave it', async () => {
    const set = addressed('north/member', 'north.example', 443, 'operator');
    await expect(ask(...unaddressed, claimReported, set)).resolves.toMatchObject({ position: 1 });
  });

  it('is refused once its network is revoked, and the invitation is shown as revoked', async () => {
    await expect(ask(...unaddressed, claimReported, network.revoked)).rejects.toMatchObject({
      code: 'network.revoked',
    });
    const shown = async (...events: Event[]) => {
      const { controller, asked } = over(...events);
      const list = await controller.list(asked);
      return [await controller.get(asked), ...list.items].map(({ status }) => status);
    };
    expect(await shown(...unaddressed)).toEqual(['open', 'open']);
    expect(await shown(...unaddressed, network.revoked)).toEqual(['revoked', 'revoked']);
  });

  it('is refused when all of them are gone', async () => {
    const gone = ['north/claim', 'south/claim'].map(accessPointRemoved);
    await expect(ask(...unaddressed, ...gone)).rejects.toMatchObject({
      code: 'invitation.no-address-yet',
      details: { detail: expect.stringContaining('none of the access points for that is there any more') },
    });
  });
});
