import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { BackboneCreated, NetworkCreated } from '@caravan/events';
import type { EventOf } from '@caravan/events';
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

/** Backbones and networks get their authorities as soon as they exist. */
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
    const { networkId, backboneId, startsAt, endsAt } = event.data;
    const notAfter = endsAt === null ? undefined : new Date(endsAt);
    const names = (['claim', 'member'] as const).map((kind) => ({ kind, networkId }));
    await this.#establish(event, names, { backboneId, notBefore: new Date(startsAt), notAfter });
  }

  /** Lowest authorities: those above them come with them. */
  async #establish(event: RecordedEvent, names: readonly IssuedAuthorityName[], place?: NetworkPlace): Promise<void> {
    const cause = consequenceOf(event, this.service, this.clock);
    for (const name of names) {
      try {
        await orWait(this.waiting, () => this.authorities.establish(name, cause, place));
      } catch (error) {
        if (!(error instanceof Impossible)) throw error;
        // Remembered: whoever asks for a certificate of it is refused with this reason.
        this.service.log.warn({ ...name, code: error.code }, `no authority: ${error.detail}`);
      }
    }
  }
}
