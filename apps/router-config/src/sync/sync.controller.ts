import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CAPABILITY, KNOWS_WINDOWS, sitePattern, syncRequestSchema } from '@caravan/events';
import type { SyncReply, SyncRequest } from '@caravan/events';
import { CLOCK, Message, NATS, SERVICE, SubjectId } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import { DesiredStateFold } from '../following/index.js';
import { fitting } from './answer-size.js';
import { toldTo } from './told-to.js';
import { withoutWindows } from './without-windows.js';

/** What a site asks on its own subject: what changed since the revision that it knows. */
@Controller()
export class SyncController {
  /** Sites that know of no windows, so far. */
  readonly #old = new Set<string>();

  constructor(
    @Inject(DesiredStateFold) private readonly desired: DesiredStateFold,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  @MessagePattern(sitePattern('sync'))
  async sync(
    @Message(syncRequestSchema) { capability, revision, latest }: SyncRequest,
    @SubjectId() siteId: string,
  ): Promise<SyncReply> {
    // A replica that is a moment behind must not take a site back to where it was.
    if (latest || revision > this.desired.position) await this.desired.reachEnd();
    const reply = await this.desired.readLatest((states, position) => {
      const changesSince = (from: number) => toldTo(capability, states.changesSince(siteId, from, position));
      if (capability >= KNOWS_WINDOWS) return { capability: CAPABILITY, ...changesSince(revision) };
      return withoutWindows(changesSince, revision, this.clock.now().getTime());
    });
    this.#note(siteId, capability);
    return fitting(reply, this.nats.info?.max_payload ?? Infinity);
  }

  /** Once for each site, however often it asks. */
  #note(siteId: string, capability: number): void {
    if (capability >= KNOWS_WINDOWS || this.#old.has(siteId)) return;
    this.#old.add(siteId);
    const remedy = 'update it: until then networks start and end there when it asks, and not by its own clock';
    this.service.log.warn({ siteId, capability, remedy }, 'a site knows of no windows');
  }
}
