import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { NoRespondersError, RequestError } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { itemSchema } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { desiredStateReplySchema, desiredStateSubject, protocolErrorSchema } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { NATS } from '@caravan/platform';
import { z } from 'zod';

const PATIENCE_MS = 6_000;
const ASK_AGAIN_MS = 200;
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

  /** Nobody there is mostly a restart that is under way: it asks on until its patience is over. */
  private async ask(subject: string, request: unknown): Promise<unknown> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const left = Math.max(1, deadline - performance.now());
      try {
        const answer = await this.nats.request(subject, JSON.stringify(request), { timeout: left });
        return answer.json();
      } catch (cause) {
        if (isNoResponders(cause) && performance.now() < deadline) {
          await pause(ASK_AGAIN_MS);
          continue;
        }
        const why = (cause as Error).message;
        const detail = `router-config does not answer (${why}); is it running? Ask again in a moment.`;
        throw new Rejection('service.unavailable', { detail });
      }
    }
  }
}

const isNoResponders = (error: unknown): boolean =>
  error instanceof RequestError ? error.isNoResponders() : error instanceof NoRespondersError;
