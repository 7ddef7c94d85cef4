import { describe, expect, it } from 'vitest';
import { backboneStream, memberStream, networkStream, RevocationRequested } from '@caravan/events';
import type { RevocationTarget, StreamName } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import type { Service } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPointData, backboneId, linkData, networkData } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { admission, memberId, networkId } from '../members/member.fixture.js';
import { ofCertificate } from './revoking.fixture.js';
import { RevokingReactions } from './revoking.reactions.js';

const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
const metadata = () => commandMetadata({ now: clock.now() });
const network = networkData('retail');

/** A backbone with two linked sites, a network and a member; what is revoked comes to the reaction as often as it likes. */
class Reacting {
  readonly store = new InMemoryEventStore();
  readonly deciders = new Deciders(this.store);
  readonly reactions = new RevokingReactions(this.deciders, clock, { name: 'management-controller' } as Service);

  async open(accessPoints = 1): Promise<this> {
    const { deciders } = this;
    const on = () => ({ backboneId, metadata: metadata() });
    await deciders.backbone({ type: 'CreateBackbone', name: 'demo', ...on() });
    for (const name of ['north', 'south'])
      await deciders.backbone({ type: 'AddSite', siteId: id(name), name, ...on() });
    for (let n = 0; n < accessPoints; n++) {
      await deciders.backbone({ type: 'AddAccessPoint', ...accessPointData(`north/in-${n}`), ...on() });
    }
    await deciders.backbone({ type: 'AddLink', ...linkData('south', 'north/in-0'), ...on() });
    await deciders.backbone({ type: 'PlaceNetwork', ...network, ...on() });
    await deciders.network({ type: 'CreateNetwork', backboneId, ...network, metadata: metadata() });
    await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: metadata() });
    return this;
  }

  async revoked(target: RevocationTarget, times = 1): Promise<this> {
    const revocationId = id('revocation');
    const request = { type: 'RequestRevocation', revocationId, target, name: 'it', reason: 'unspecified' } as const;
    await this.deciders.revocation({ ...request, metadata: metadata() });
    for (let time = 0; time < times; time++) {
      const end = this.store.subscribe((event: RecordedEvent) =>
        event.type === RevocationRequested.type ? this.reactions.remove(event as never) : undefined,
      );
      await this.store.settled();
      end();
    }
    return this;
  }

  async last(stream: StreamName, count: number): Promise<string[]> {
    return (await this.store.read(stream)).events.slice(-count).map(({ type }) => type);
  }
}

describe('what is revoked', () => {
  it('is taken out of its network, once: a member', async () => {
    const reacting = await (
      await new Reacting().open()
    ).revoked({ kind: 'member', memberId, networkId, backboneId }, 2);
    expect(await reacting.last(memberStream(memberId), 2)).toEqual(['MemberAdmitted', 'MemberRemoved']);
  });

  it('was gone already: a member that was removed meanwhile', async () => {
    const reacting = await new Reacting().open();
    await reacting.deciders.member({ type: 'RemoveMember', memberId, networkId, metadata: metadata() });
    await reacting.revoked({ kind: 'member', memberId, networkId, backboneId });
    expect(await reacting.last(memberStream(memberId), 2)).toEqual(['MemberAdmitted', 'MemberRemoved']);
  });

  it('is closed, once: a network', async () => {
    const reacting = await (await new Reacting().open()).revoked({ kind: 'network', networkId, backboneId }, 2);
    expect(await reacting.last(networkStream(networkId), 9)).toEqual(['NetworkCreated', 'NetworkRevoked']);
  });

  it('is taken out of its backbone with all that led to it, however much that is: a backbone site', async () => {
    const reacting = await new Reacting().open(120);
    await reacting.revoked({ kind: 'backbone-site', siteId: id('north'), backboneId }, 2);
    const types = await reacting.last(backboneStream(backboneId), 122);
    expect([types[0], types.at(-1)]).toEqual(['LinkRemoved', 'BackboneSiteRemoved']);
    expect(new Set(types.slice(1, -1))).toEqual(new Set(['AccessPointRemoved']));
  });

  it('concerns nothing else: a single certificate, or what is on a backbone that is gone', async () => {
    const reacting = await new Reacting().open();
    const before = await reacting.last(memberStream(memberId), 9);
    await reacting.revoked(ofCertificate({ kind: 'member', memberId, networkId }));
    expect(await reacting.last(memberStream(memberId), 9)).toEqual(before);
    const elsewhere = new Reacting();
    await elsewhere.revoked({ kind: 'backbone-site', siteId: id('north'), backboneId });
    expect(await elsewhere.last(backboneStream(backboneId), 9)).toEqual([]);
  });
});
