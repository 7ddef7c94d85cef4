import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { siteSubject } from '@caravan/events';
import type { Nudge } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { NATS } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';

/** One command often becomes several events; a site is told once. */
const GATHER_MS = 25;
/** A new authority concerns every site of a backbone: they are told in turns, so that they do not all ask at once. */
const AT_ONCE = 500;

/** Tells sites that their desired state changed. Every replica does, since any of them may be the one that a site asks next. */
@Injectable()
export class Nudges implements BeforeApplicationShutdown {
  readonly #waiting = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  nudge(siteIds: Iterable<string>, revision: number): void {
    for (const siteId of siteIds) this.#waiting.set(siteId, Math.max(revision, this.#waiting.get(siteId) ?? 0));
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => void this.#send(), GATHER_MS);
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    if (killPoint) await killPoint('nudge.due', [...this.#waiting.keys()].join(' '));
    let left = AT_ONCE;
    for (const [siteId, revision] of this.#waiting) {
      if (left-- === 0) break;
      this.#waiting.delete(siteId);
      const nudge: Nudge = { revision };
      if (!this.nats.isClosed()) this.nats.publish(siteSubject(siteId, 'nudge'), JSON.stringify(nudge));
    }
    this.#timer = this.#waiting.size > 0 ? setTimeout(() => void this.#send(), GATHER_MS) : undefined;
  }
}
