import type { ItemState } from '@caravan/data-plane';
import { FIELDS_SINCE } from '@caravan/data-plane';
import { ManagementSiteRegistered, revocationStream } from '@caravan/events';
import type { Event, Holder, RevocationTarget } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { Service } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, backboneId, site } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { admitted, memberId, networkId } from '../members/member.fixture.js';
import { created } from '../networks/network.fixture.js';
import { Sightings } from '../reports/sightings.fixture.js';
import { enrolled } from '../rotations/rotating.fixture.js';
import { RevocationEnforcing } from './enforcing.js';

export const [north, south, management] = [id('north'), id('south'), id('management')];

/** Two relays that have joined, `north` with every kind of access point and `south` with one for peers; one that has not; a member. */
const world: readonly Event[] = [
  ManagementSiteRegistered({ siteId: management, name: 'management', controlHost: 'nats', controlPort: 4222 }),
  ...['north', 'south'].flatMap((name) => [site(name), enrolled(name)]),
  site('new'),
  ...(['claim', 'member', 'peer', 'manage'] as const).map((kind) => accessPoint(`north/${kind}`, kind)),
  accessPoint('south/peer', 'peer'),
  accessPoint('new/member', 'member'),
  created,
  admitted,
];

export const ofMember: RevocationTarget = { kind: 'member', memberId, networkId, backboneId };
export const ofCertificate = (holder: Holder): RevocationTarget => ({
  kind: 'certificate',
  certificateId: id('certificate'),
  holder,
  backboneId,
  issuerId: id('issuer'),
  serial: '01'.repeat(16),
  fingerprint: 'a'.repeat(64),
  notAfter: '2027-01-01T00:00:00.000Z',
});

/** A revocation with everything around it but real servers. */
export class Revoking {
  readonly store = new InMemoryEventStore();
  readonly deciders = new Deciders(this.store);
  readonly directory = new Directory();
  readonly sightings = new Sightings();
  readonly revocationId = id('revocation');
  readonly warnings: unknown[] = [];
  now = new Date('2026-03-01T12:00:00.000Z');
  readonly enforcing = this.replica();

  constructor() {
    for (const event of world) this.directory.apply(event);
    this.store.subscribe((event) => this.directory.apply(event));
  }

  replica(): RevocationEnforcing {
    const quiet = { info: () => undefined, warn: (fields: unknown) => this.warnings.push(fields) };
    return new RevocationEnforcing(
      this.deciders,
      this.sightings as never,
      this.directory,
      { begun: Promise.resolve() },
      { now: () => this.now },
      { log: quiet } as unknown as Service,
    );
  }

  async request(target: RevocationTarget): Promise<this> {
    const { revocationId, now } = this;
    const metadata = commandMetadata({ commandId: 'request', now });
    const request = { type: 'RequestRevocation', revocationId, target, name: 'it', reason: 'unspecified' } as const;
    await this.deciders.revocation({ ...request, metadata });
    await this.store.settled();
    return this;
  }

  /** A site says that it has taken in everything so far. */
  says(siteId: string, items: Readonly<Record<string, ItemState>> = {}, capability = FIELDS_SINCE.revoked): this {
    this.sightings.say(siteId, 1_000, this.now, items, capability);
    return this;
  }

  async look(): Promise<this> {
    await this.enforcing.look();
    await this.store.settled();
    return this;
  }

  /** What was recorded since the request. */
  async recorded(): Promise<readonly Event[]> {
    const { events } = await this.store.read(revocationStream(this.revocationId));
    return events.slice(1);
  }
}

export { backboneId, memberId, networkId };
