import { quarantineRequestSchema } from '@caravan/events';
import type { QuarantineReply } from '@caravan/events';
import { NotYet, Rejection } from '@caravan/event-store';
import type { Quarantine } from '@caravan/event-store';
import type { ReactionConsumer } from '@caravan/event-store/jetstream';
import type { Condition } from '../health/index.js';
import { parsed } from '../http/index.js';

type Reactions = ReadonlyMap<string, Pick<ReactionConsumer, 'handleAgain'>>;

/** What a service's reactions put aside: shown, and handled again or forgotten at the wish of a person. */
export class QuarantineDesk {
  #known: QuarantineReply['entries'] = [];

  constructor(
    private readonly quarantine: Quarantine,
    /** By durable name. */
    private readonly reactions: () => Reactions,
  ) {}

  /** @throws Rejection `request.invalid`, `quarantine.unknown`, `quarantine.retry-failed`. */
  async answer(request: unknown): Promise<QuarantineReply> {
    const wanted = parsed(quarantineRequestSchema, request);
    if (wanted.command === 'retry') await this.retry(wanted.reaction, wanted.position);
    if (wanted.command === 'release') await this.quarantine.resolve(wanted.reaction, wanted.position);
    return { entries: await this.look() };
  }

  /** As of the last look, in words. */
  trouble(): Condition | undefined {
    const [first] = this.#known;
    if (!first) return undefined;
    const { reaction, position, stream, reason } = first;
    const more = this.#known.length > 1 ? `, and ${this.#known.length - 1} more` : '';
    return {
      says: `${reaction} put position ${position} (${stream}) aside: ${reason}${more}`,
      remedy: 'caravan quarantine list; then caravan quarantine retry, or discard',
      code: 'reaction.quarantined',
      hinders: false,
    };
  }

  async look(): Promise<QuarantineReply['entries']> {
    const entries = await this.quarantine.list();
    this.#known = entries.map(({ recordedAt = null, ...entry }) => ({ ...entry, recordedAt }));
    return this.#known;
  }

  private async retry(reaction: string, position: number): Promise<void> {
    const entries = await this.quarantine.list(reaction);
    const consumer = this.reactions().get(reaction);
    if (!consumer || !entries.some((entry) => entry.position === position)) {
      throw new Rejection('quarantine.unknown', { reaction, position });
    }
    try {
      await consumer.handleAgain(position);
    } catch (error) {
      const why = error instanceof NotYet ? 'what it needs is not there yet' : 'it failed again';
      const detail = `${reaction} did not handle position ${position}: ${why}: ${(error as Error).message}`;
      throw new Rejection('quarantine.retry-failed', { detail, reaction, position });
    }
  }
}
