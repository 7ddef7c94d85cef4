import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { BackboneCreated, NetworkCreated, RotationBegun } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import { CLOCK, consequenceOf, Recorded, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { orWait } from '../issuing/or-wait.js';
import { Waiting } from '../issuing/waiting.js';
import { Authorities } from './authorities.js';
import type { IssuedAuthorityName, NetworkPlace } from './authority.js';
import { Impossible } from './awaiting.js';

/** A durable of its own: however many requests wait for an authority, they never stand before what establishes it. */
export const AUTHORITIES = { reaction: 'authorities' };

/** Backbones and networks get their authorities as soon as they exist, and the next ones as soon as a rotation begins. */
@Controller()
export class AuthoritiesReaction {
  constructor(
    @Inject(Authorities) private readonly authorities: Authorities,
    @Inject(Waiting) private readonly waiting: Waiting,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @EventPattern(BackboneCreated.type, AUTHORITIES)
  async backboneCreated(@Recorded() event: RecordedEvent<EventOf<typeof BackboneCreated>>): Promise<void> {
    const { backboneId } = event.data;
    await this.#establish(event, [{ kind: 'infrastructure', backboneId }]);
  }

  @EventPattern(NetworkCreated.type, AUTHORITIES)
  async networkCreated(@Recorded() event: RecordedEvent<EventOf<typeof NetworkCreated>>): Promise<void> {
    await this.#establish(event, lowestOf(event.data), { place: placeOf(event.data) });
  }

  @EventPattern(RotationBegun.type, AUTHORITIES)
  async rotationBegun(@Recorded() event: RecordedEvent<EventOf<typeof RotationBegun>>): Promise<void> {
    const { owner, ordinal } = event.data;
    switch (owner.kind) {
      case 'network':
        return this.#establish(event, lowestOf(owner), { ordinal, place: placeOf(owner) });
      case 'backbone':
        return this.#establish(event, [{ kind: 'infrastructure', backboneId: owner.backboneId }], { ordinal });
      case 'installation': {
        const { root } = this.authorities;
        await orWait(this.waiting, () =>
          this.authorities.establishNextRoot(consequenceOf(event, this.service, this.clock), ordinal),
        );
        return this.#establish(event, [{ kind: 'management', installation: root.installation }], { ordinal });
      }
      default:
        return assertNever(owner);
    }
  }

  /** Lowest authorities: those above them come with them. */
  async #establish(
    event: RecordedEvent,
    names: readonly IssuedAuthorityName[],
    { ordinal, place }: { readonly ordinal?: number; readonly place?: NetworkPlace } = {},
  ): Promise<void> {
    const cause = consequenceOf(event, this.service, this.clock);
    for (const name of names) {
      try {
        await orWait(this.waiting, () =>
          ordinal === undefined
            ? this.authorities.inUse(name, cause, place)
            : this.authorities.establish(name, ordinal, cause, place),
        );
      } catch (error) {
        if (!(error instanceof Impossible)) throw error;
        // Remembered: whoever asks for a certificate of it is refused with this reason.
        this.service.log.warn({ ...name, code: error.code }, `no authority: ${error.detail}`);
      }
    }
  }
}

const lowestOf = ({ networkId }: { readonly networkId: string }): IssuedAuthorityName[] =>
  (['claim', 'member'] as const).map((kind) => ({ kind, networkId }));

const placeOf = (
  network: Pick<EventOf<typeof NetworkCreated>['data'], 'backboneId' | 'startsAt' | 'endsAt'>,
): NetworkPlace => ({
  backboneId: network.backboneId,
  notBefore: new Date(network.startsAt),
  notAfter: network.endsAt === null ? undefined : new Date(network.endsAt),
});
