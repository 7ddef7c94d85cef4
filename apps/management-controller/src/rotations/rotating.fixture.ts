import type { ItemState } from '@caravan/data-plane';
import { BackboneSiteEnrolled } from '@caravan/events';
import type { AuthorityKind, Event, RotationOwner } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, backboneId, site } from '../backbones/backbone.fixture.js';
import { established as authority } from '../certificates/certificate.fixture.js';
import { Watching } from '../directory/watching.fixture.js';
import { csr, id, key } from '../example.fixture.js';
import { admitted, memberId, networkId } from '../members/member.fixture.js';
import { created, networkTerms } from '../networks/network.fixture.js';
import { RotationAdvancing } from './advancing.js';
import type { OtherWait } from './installation-progress.js';

const { startsAt, endsAt } = networkTerms;
export const ofNetwork: RotationOwner = { kind: 'network', networkId, backboneId, startsAt, endsAt };
export const ofBackbone: RotationOwner = { kind: 'backbone', backboneId };
export const ofInstallation: RotationOwner = { kind: 'installation' };
export const ownerIdOf = (owner: RotationOwner): string =>
  owner.kind === 'network' ? owner.networkId : owner.kind === 'backbone' ? owner.backboneId : id('installation');

const OF_BACKBONE: ReadonlySet<AuthorityKind> = new Set(['infrastructure', 'backbone']);

/** An authority of the installation, of the backbone, or of the network on it. */
export const established = (kind: AuthorityKind, ordinal: number) =>
  authority(
    kind,
    kind === 'root' || kind === 'management' ? {} : OF_BACKBONE.has(kind) ? { backboneId } : { backboneId, networkId },
    ordinal,
  );

export const enrolled = (name: string) =>
  BackboneSiteEnrolled({ siteId: id(name), backboneId, certificateId: id(`${name} 1`), claimantKey: key(name), csr });

/** Who exists: two relays, of which one has joined and lets members in, and a member. */
export const world: readonly Event[] = [
  site('north'),
  accessPoint('north/member', 'member'),
  enrolled('north'),
  site('south'),
  accessPoint('south/member', 'member'),
  created,
  admitted,
];

const KINDS: Readonly<Record<RotationOwner['kind'], readonly AuthorityKind[]>> = {
  network: ['network', 'claim', 'member'],
  backbone: ['backbone', 'infrastructure'],
  installation: ['root', 'management'],
};

/** A rotation with everything around it but real servers. */
export class Rotating extends Watching {
  /** What a rotation of the installation waits for that is no site. */
  others: OtherWait[] = [];
  readonly advancing = this.replica();
  readonly rotationId = id('rotation');
  #commands = 0;

  constructor(readonly owner: RotationOwner = ofNetwork) {
    super(world);
  }

  replica(): RotationAdvancing {
    const installation = { waitingFor: () => Promise.resolve(this.others) };
    return this.watcher(RotationAdvancing, installation);
  }

  get about() {
    const metadata = commandMetadata({ commandId: `command ${++this.#commands}`, now: this.now });
    return { ownerId: ownerIdOf(this.owner), rotationId: this.rotationId, metadata };
  }

  async begin(patienceSeconds: number | null = null): Promise<this> {
    const { owner } = this;
    const begin = { type: 'BeginRotation', owner, cause: 'requested', patienceSeconds, ...this.about } as const;
    await this.deciders.rotation(begin);
    await this.store.settled();
    return this;
  }

  /** Its authorities are in the log, at these positions. */
  establish(...positions: number[]): this {
    const kinds = KINDS[this.owner.kind];
    for (const [index, kind] of kinds.entries()) {
      this.directory.apply({ ...established(kind, 2), position: positions[index] ?? 100 });
    }
    return this;
  }

  /** A site says that it has taken in everything so far. */
  says(siteId: string, items: Readonly<Record<string, ItemState>> = {}): this {
    this.sightings.say(siteId, 1_000, this.now, items);
    return this;
  }

  async look(times = 1): Promise<this> {
    for (let time = 0; time < times; time++) await this.advancing.look();
    await this.store.settled();
    return this;
  }

  /** The phase; `finished` when there is none. */
  get phase(): string {
    return this.directory.rotations.of(this.about.ownerId)?.phase ?? 'finished';
  }
}

export const north = id('north');
export { memberId, networkId, backboneId };
