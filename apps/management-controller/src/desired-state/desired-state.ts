import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { itemSchema } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { desiredStateReplySchema, desiredStateSubject } from '@caravan/events';
import { NATS } from '@caravan/platform';
import { z } from 'zod';
import { askService } from '../asking/ask-service.js';

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
    const subject = desiredStateSubject(what, id);
    const question = { service: 'router-config', subject, request: { position }, patienceMs: PATIENCE_MS };
    const reply = desiredStateReplySchema.parse(await askService(this.nats, question));
    return { revision: reply.revision, items: items.parse(reply.items) };
  }
}
