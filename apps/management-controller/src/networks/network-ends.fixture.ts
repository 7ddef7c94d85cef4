import { memberStream, networkStream } from '@caravan/events';
import type { StreamName } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import type { Service } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { networkData } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import { notStarted } from '../directory/watching.fixture.js';
import { csr, id, key } from '../example.fixture.js';
import { admissionOf } from '../members/admission.js';
import { NetworkEnds } from './network-ends.js';
import { NetworkTeardown } from './network-teardown.js';
import { backboneId, networkId, networkTerms, terms } from './network.fixture.js';

export const DAY = 86_400_000;
/** When the clocks of half of Europe go forward by an hour. */
export const END = Date.parse('2026-03-29T01:00:00.000Z');
/** How long it stays after that. */
export const KEPT = 7 * DAY;

export const invitation = terms('store');
const { invitationId } = invitation;
export const MEMBERS = 3;
export const memberIdOf = (n: number): string => id(`store-${n + 1}`);

/** A service whose clock can be set. */
export class Replica {
  now = new Date('2026-01-02T00:00:00.000Z');
  readonly directory = new Directory();
  readonly deciders: Deciders;
  readonly warnings: unknown[] = [];
  readonly teardown: NetworkTeardown;
  readonly #ends: NetworkEnds;

  constructor(log: InMemoryEventStore, store: EventStore = log) {
    log.subscribe((event) => this.directory.apply(event));
    this.deciders = new Deciders(store);
    const clock = { now: () => this.now };
    const quiet = { info: () => undefined, warn: (fields: unknown) => this.warnings.push(fields) };
    this.teardown = new NetworkTeardown(this.deciders, store, clock);
    const service = { log: quiet } as unknown as Service;
    this.#ends = new NetworkEnds(this.deciders, this.teardown, this.directory, notStarted, clock, service);
  }

  async look(at: number): Promise<void> {
    this.now = new Date(at);
    await this.#ends.look();
    await this.#ends.clearAway();
  }
}

const metadata = () => commandMetadata({ now: new Date('2026-01-01T12:00:00.000Z') });

/** A network with an end and three members, and what becomes of it. */
export class EndingNetwork {
  readonly log = new InMemoryEventStore();
  readonly here = new Replica(this.log);

  async open(deleteAfterSeconds = KEPT / 1_000): Promise<this> {
    const term = { endsAt: new Date(END).toISOString(), deleteAfterSeconds };
    const { deciders } = this.here;
    await deciders.backbone({ type: 'CreateBackbone', backboneId, name: 'demo', metadata: metadata() });
    const placed = { backboneId, ...networkData('retail'), ...term, networkId };
    await deciders.backbone({ type: 'PlaceNetwork', ...placed, metadata: metadata() });
    await deciders.network({ type: 'CreateNetwork', ...networkTerms, ...term, metadata: metadata() });
    await deciders.network({ type: 'ListInvitation', networkId, terms: invitation, metadata: metadata() });
    await deciders.invitation({ type: 'IssueInvitation', invitationId, terms: invitation, metadata: metadata() });
    for (let n = 0; n < MEMBERS; n++) await this.claim(n).then(() => this.admit(n));
    await this.log.settled();
    return this;
  }

  claim(n: number) {
    return this.here.deciders.invitation({
      type: 'ClaimInvitation',
      invitationId,
      claimantKey: key(`site ${n}`),
      csr,
      memberId: memberIdOf(n),
      certificateId: id(`certificate ${n}`),
      network: networkTerms,
      metadata: metadata(),
    });
  }

  admit(n: number) {
    const memberId = memberIdOf(n);
    const about = { memberId, certificateId: id(`certificate ${n}`), memberName: `store-${n + 1}`, details: {} };
    const admission = admissionOf(invitation, key(`site ${n}`), about, csr);
    return this.here.deciders.member({ type: 'AdmitMember', memberId, admission, metadata: metadata() });
  }

  evict() {
    return this.here.deciders.network({ type: 'RevokeNetwork', networkId, isEviction: true, metadata: metadata() });
  }

  async look(at: number, { times = 1, by = this.here } = {}): Promise<void> {
    for (let looks = 0; looks < times; looks++) {
      await by.look(at);
      await this.log.settled();
    }
  }

  async typesIn(stream: StreamName): Promise<string[]> {
    return (await this.log.read(stream)).events.map(({ type }) => type);
  }

  ofNetwork(): Promise<string[]> {
    return this.typesIn(networkStream(networkId));
  }

  ofMember(n: number): Promise<string[]> {
    return this.typesIn(memberStream(memberIdOf(n)));
  }
}
