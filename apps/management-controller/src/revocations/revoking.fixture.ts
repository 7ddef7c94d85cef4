import type { ItemState } from '@caravan/data-plane';
import { FIELDS_SINCE } from '@caravan/data-plane';
import { ManagementSiteRegistered, MemberAdmitted, revocationStream } from '@caravan/events';
import type { Event, Holder, RevocationTarget } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, backboneId, site } from '../backbones/backbone.fixture.js';
import { Watching } from '../directory/watching.fixture.js';
import { id } from '../example.fixture.js';
import { admitted, memberId, networkId } from '../members/member.fixture.js';
import { created } from '../networks/network.fixture.js';
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
  MemberAdmitted({ ...admitted.data, memberAccessPoints: [id('north/member')] }),
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
export class Revoking extends Watching {
  readonly revocationId = id('revocation');
  readonly enforcing = this.replica();

  constructor() {
    super(world);
  }

  replica(): RevocationEnforcing {
    return this.watcher(RevocationEnforcing);
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
