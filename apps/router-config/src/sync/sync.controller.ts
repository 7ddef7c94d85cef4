import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Rejection } from '@caravan/event-store';
import { sitePattern, syncRequestSchema } from '@caravan/events';
import type { SyncReply, SyncRequest } from '@caravan/events';
import { Message, NATS, SubjectId } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { DesiredStateFold } from '../following/index.js';
import { fitting } from './answer-size.js';

/** What a site asks on its own subject: what changed since the revision that it knows. */
@Controller()
export class SyncController {
  constructor(
    @Inject(DesiredStateFold) private readonly desired: DesiredStateFold,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  @MessagePattern(sitePattern('sync'))
  async sync(@Message(syncRequestSchema) { revision }: SyncRequest, @SubjectId() siteId: string): Promise<SyncReply> {
    // A replica that is a moment behind must not take a site back to where it was, nor a new one for a stranger.
    if (revision > this.desired.position) await this.desired.reachEnd();
    const answer = () => this.desired.read((states, position) => states.changesSince(siteId, revision, position));
    const reply = await this.#unlessUnknown(answer);
    return fitting(reply, this.nats.info?.max_payload ?? Infinity);
  }

  async #unlessUnknown(answer: () => SyncReply): Promise<SyncReply> {
    try {
      return answer();
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'site.unknown') throw error;
      await this.desired.reachEnd();
      return answer();
    }
  }
}
