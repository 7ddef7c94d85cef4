import { rotationStream } from '@caravan/events';
import type { RotationEvent } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import { FIRST_ORDINAL } from './authority.js';
import { LatestUsed } from './latest-used.js';

/** Which of its authorities somebody signs with now. */
export interface Ordinals {
  /** `ownerId`: by whom they rotate together. What was decided before the call is known. */
  inUse(ownerId: string): Promise<number>;
}

interface Known {
  readonly revision: number;
  readonly ordinal: number;
}

const NOTHING_KNOWN: Known = { revision: 0, ordinal: FIRST_ORDINAL };
const MAX_KNOWN = 5_000;

/**
 * Reads it from the rotations themselves, at each question: a request that was made because new authorities sign must not be signed
 * by an old one, however late a reaction is. Questions that come while one is under way share the one after it.
 */
export class RecordedOrdinals implements Ordinals {
  readonly #known = new LatestUsed<Known>(MAX_KNOWN);
  readonly #asking = new Map<string, Promise<number>>();
  readonly #next = new Map<string, Promise<number>>();

  constructor(private readonly log: Pick<EventStore, 'read'>) {}

  inUse(ownerId: string): Promise<number> {
    const asking = this.#asking.get(ownerId);
    if (!asking) return this.#ask(ownerId);
    // What is under way may have been answered before the last decision.
    const next = this.#next.get(ownerId);
    if (next) return next;
    const after = asking
      .catch(() => undefined)
      .then(() => {
        this.#next.delete(ownerId);
        return this.#ask(ownerId);
      });
    this.#next.set(ownerId, after);
    return after;
  }

  #ask(ownerId: string): Promise<number> {
    const asking = this.#read(ownerId).finally(() => this.#asking.delete(ownerId));
    this.#asking.set(ownerId, asking);
    return asking;
  }

  async #read(ownerId: string): Promise<number> {
    const known = this.#known.get(ownerId) ?? NOTHING_KNOWN;
    const { events, revision } = await this.log.read(rotationStream(ownerId), { after: known.revision });
    const ordinal = (events as readonly RotationEvent[]).reduce(ordinalAfter, known.ordinal);
    this.#known.set(ownerId, { revision, ordinal });
    return ordinal;
  }
}

/** The new authorities sign once everybody trusts them, which is when the phase after `trust` begins. */
const ordinalAfter = (ordinal: number, event: RotationEvent): number =>
  event.type === 'RotationAdvanced' ? event.data.ordinal : ordinal;
