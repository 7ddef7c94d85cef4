import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { RevocationRequested } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { assertNever, causeOf } from '@caravan/event-store';
import type { CommandMetadata, RecordedEvent } from '@caravan/event-store';
import { CLOCK, consequenceOf, derivedId, Recorded, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { unlessGone } from '../deciding/unless-gone.js';

/**
 * What is revoked is refused everywhere by the revocation itself; here it is taken out of what it was part of, so that its names are
 * free and nobody counts on it. Deciders answer a second time with nothing.
 */
@Controller()
export class RevokingReactions {
  constructor(
    private readonly deciders: Deciders,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  @EventPattern(RevocationRequested.type, { reaction: 'revoking' })
  async remove(@Recorded() event: RecordedEvent<EventOf<typeof RevocationRequested>>): Promise<void> {
    const { target } = event.data;
    switch (target.kind) {
      case 'certificate':
        return; // its holder stays, and may have another
      case 'member': {
        const { memberId, networkId } = target;
        const metadata = this.because(event, 'remove member');
        await unlessGone(
          'member.unknown',
          this.deciders.member({ type: 'RemoveMember', memberId, networkId, metadata }),
        );
        return;
      }
      case 'network': {
        const metadata = this.because(event, 'revoke network');
        const isEviction = event.metadata.via === 'api'; // the end of a network asks for the same by a reaction
        const { networkId } = target;
        await this.deciders.network({ type: 'RevokeNetwork', networkId, isEviction, metadata });
        return;
      }
      case 'backbone-site':
        return unlessGone('backbone.unknown', this.expel(event, target));
      default:
        return assertNever(target);
    }
  }

  /** As many commits as it takes. */
  private async expel(
    event: RecordedEvent,
    { siteId, backboneId }: { siteId: string; backboneId: string },
  ): Promise<void> {
    for (let part = 1; ; part++) {
      const metadata = this.because(event, `expel site ${part}`);
      const { state } = await this.deciders.backbone({ type: 'ExpelSite', backboneId, siteId, metadata });
      if (state.status !== 'active' || !state.sites.has(siteId)) return;
    }
  }

  private because(event: RecordedEvent, what: string): CommandMetadata {
    const commandId = derivedId('revoking', causeOf(event), what);
    return { commandId, ...consequenceOf(event, this.service, this.clock) };
  }
}
