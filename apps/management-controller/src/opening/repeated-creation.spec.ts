import { describe, expect, it } from 'vitest';
import { backboneStream, invitationStream, networkStream, PLAIN_TERMS } from '@caravan/events';
import type { StreamName } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { backboneId } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { InvitationsController } from '../invitations/invitations.controller.js';
import { networkId, networkTerms } from '../networks/network.fixture.js';
import { NetworksController } from '../networks/networks.controller.js';

const at = (seconds: number) => new Date(Date.parse('2026-01-01T12:00:00.000Z') + seconds * 1000);
const call = <Call>(seconds: number, given: object): Call => {
  const metadata = commandMetadata({ commandId: 'once', now: at(seconds) });
  return { params: {}, query: {}, metadata, idFor: (what: string) => derivedId(what, 'once'), ...given } as Call;
};
/** Dies before it opens the child. */
const dyingBefore = (store: InMemoryEventStore, which: 'network' | 'invitation'): Deciders =>
  Object.assign(new Deciders(store), { [which]: () => Promise.reject(new Error('killed')) });

/** A request that was killed between two streams, and is sent again a while later. */
describe('a creation that is sent again', () => {
  const dataOf = async (store: InMemoryEventStore, stream: StreamName, type: string) =>
    (await store.read(stream)).events.find((event) => event.type === type)?.data;

  it('opens the network that it placed: one that starts at once has started then', async () => {
    const store = new InMemoryEventStore();
    const deciders = new Deciders(store);
    await deciders.backbone({ type: 'CreateBackbone', backboneId, name: 'demo', metadata: commandMetadata() });
    const create = (by: Deciders, seconds: number) =>
      new NetworksController(by, {} as never, {} as never, { now: () => at(seconds) }).create(
        call(seconds, { body: { backboneId, name: 'retail' } }),
      );
    await expect(create(dyingBefore(store, 'network'), 0)).rejects.toThrow('killed');
    await create(deciders, 30);
    const created = await dataOf(store, networkStream(derivedId('network', 'once')), 'NetworkCreated');
    expect(created).toMatchObject({ startsAt: at(0).toISOString() });
    expect(created).toEqual(await dataOf(store, backboneStream(backboneId), 'NetworkPlaced'));
  });

  it('opens the invitation that it listed: with the access points that there were then', async () => {
    const store = new InMemoryEventStore();
    const deciders = new Deciders(store);
    await deciders.network({ type: 'CreateNetwork', ...networkTerms, metadata: commandMetadata() });
    const create = (by: Deciders, accessPoint: string) => {
      const readModels = { networks: { find: async () => ({ backboneId, deletedAt: null }) } } as never;
      const accessPoints = { choose: async () => [id(accessPoint)] } as never;
      const unasked = {} as never;
      return new InvitationsController(by, readModels, accessPoints, unasked).create(
        call(0, { params: { networkId }, body: { name: 'hq', instanceLimit: 1, siteClasses: [], ...PLAIN_TERMS } }),
      );
    };
    await expect(create(dyingBefore(store, 'invitation'), 'old')).rejects.toThrow('killed');
    await create(deciders, 'new');
    const issued = await dataOf(store, invitationStream(derivedId('invitation', 'once')), 'InvitationIssued');
    expect(issued).toMatchObject({ claimAccessPoints: [id('old')] });
    expect(issued).toEqual(await dataOf(store, networkStream(networkId), 'InvitationListed'));
  });
});
