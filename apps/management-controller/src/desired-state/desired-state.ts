import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { itemSchema } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { desiredStateReplySchema, desiredStateSubject, protocolErrorSchema } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { NATS } from '@caravan/platform';
import { z } from 'zod';

const PATIENCE_MS = 6_000;
const items = z.array(itemSchema);

/** Asks router-config, the one compiler of items, what a site, a bundle or an invitation needs. */
@Injectable()
export class DesiredState {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /**
   * Its items, true at `position` or later.
   * @throws Rejection what router-config refuses with (`site.unknown`); `service.unavailable` when it does not answer.
   */
  async of(
    what: 'site' | 'bootstrap' | 'invitation',
    id: string,
    position: number,
  ): Promise<{ readonly revision: number; readonly items: readonly Item[] }> {
    const answer: unknown = await this.ask(desiredStateSubject(what, id), { position });
    const refused = protocolErrorSchema.safeParse(answer);
    if (refused.success) {
      const { code, detail } = refused.data.error;
      throw new Rejection(code, { detail });
    }
    const reply = desiredStateReplySchema.parse(answer);
    return { revision: reply.revision, items: items.parse(reply.items) };
  }

  private async ask(subject: string, request: unknown): Promise<unknown> {
    try {
      const answer = await this.nats.request(subject, JSON.stringify(request), { timeout: PATIENCE_MS });
      return answer.json();
    } catch (cause) {
      const detail = `router-config does not answer (${(cause as Error).message}); is it running? Ask again in a moment.`;
      throw new Rejection('service.unavailable', { detail });
    }
  }
}
