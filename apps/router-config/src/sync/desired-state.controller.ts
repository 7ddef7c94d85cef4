import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext } from '@nestjs/microservices';
import { DESIRED_STATE_PATTERN, desiredStateRequestSchema } from '@caravan/events';
import type { DesiredStateReply, DesiredStateRequest } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Item } from '@caravan/data-plane';
import { Message, NATS, parsed } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { DesiredStates } from '../desired-state/index.js';
import { DesiredStateFold } from '../following/index.js';
import { fitting } from './answer-size.js';

const askedForSchema = z.object({ of: z.enum(['site', 'bootstrap', 'invitation']), id: z.uuid() });
type AskedFor = z.output<typeof askedForSchema>;

/** What a management service hands out: the items of a site, a bundle or an invitation, as this compiler makes them. */
@Controller()
export class DesiredStateController {
  constructor(
    @Inject(DesiredStateFold) private readonly desired: DesiredStateFold,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  @MessagePattern(DESIRED_STATE_PATTERN)
  async items(
    @Message(desiredStateRequestSchema) { position: notBefore }: DesiredStateRequest,
    @Ctx() context: NatsContext,
  ): Promise<DesiredStateReply> {
    const [, , of, id] = context.getSubject().split('.');
    const askedFor = parsed(askedForSchema, { of, id });
    await this.desired.reach(notBefore);
    const reply = await this.desired.readLatest((states, position) => ({
      revision: position,
      items: itemsOf(states, askedFor),
    }));
    return fitting(reply, this.nats.info?.max_payload ?? Infinity);
  }
}

function itemsOf(states: DesiredStates, { of, id }: AskedFor): Item[] {
  switch (of) {
    case 'site':
      return states.site(id);
    case 'bootstrap':
      return states.bundle(id);
    case 'invitation':
      return states.invitation(id);
    default:
      return assertNever(of);
  }
}
