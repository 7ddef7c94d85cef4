import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CAPABILITY, KNOWS_WINDOWS, sitePattern, syncRequestSchema } from '@caravan/events';
import type { SyncReply, SyncRequest } from '@caravan/events';
import { CLOCK, Message, NATS, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { DesiredStateFold } from '../following/index.js';
import { fitting } from './answer-size.js';
import { withoutWindows } from './without-windows.js';

/** What a site asks on its own subject: what changed since the revision that it knows. */
@Controller()
export class SyncController {
  constructor(
    @Inject(DesiredStateFold) private readonly desired: DesiredStateFold,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('sync'))
  async sync(
    @Message(syncRequestSchema) { capability, revision }: SyncRequest,
    @SubjectId() siteId: string,
  ): Promise<SyncReply> {
    // A replica that is a moment behind must not take a site back to where it was.
    if (revision > this.desired.position) await this.desired.reachEnd();
    const reply = await this.desired.readLatest((states, position) => {
      const changesSince = (from: number) => states.changesSince(siteId, from, position);
      if (capability >= KNOWS_WINDOWS) return { capability: CAPABILITY, ...changesSince(revision) };
      return withoutWindows(changesSince, revision, this.clock.now().getTime());
    });
    return fitting(reply, this.nats.info?.max_payload ?? Infinity);
  }
}
