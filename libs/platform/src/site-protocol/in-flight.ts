import { CLAIM_PATTERN } from '@caravan/events';
import { Rejection } from '@caravan/event-store';

export interface MostInFlight {
  /** Of everybody together. Default 512. */
  readonly all: number;
  /** On all subjects of one pattern: what is left is for the others. Default 384. */
  readonly ofOnePattern: number;
  /** On one subject, which is one site's. Default 32. */
  readonly ofOne: number;
  /** On the subject of an invitation, which all that it invites share. Default 256. */
  readonly ofOneInvitation: number;
}

export const MOST_IN_FLIGHT: MostInFlight = { all: 512, ofOnePattern: 384, ofOne: 32, ofOneInvitation: 256 };

/**
 * Requests that are being answered. More are told to come back: a flood costs an answer each and no memory, and one that floods
 * has its own share and not that of others; nor does one kind of request, however slow, keep out the others.
 */
export class InFlight {
  /** By pattern, and by subject. */
  readonly #of = new Map<string, number>();
  readonly #work = new Set<Promise<unknown>>();

  constructor(private readonly most: MostInFlight) {}

  /** Counts one on `subject`; returns how to end it. @throws Rejection `service.busy` */
  enter(pattern: string, subject: string): () => void {
    const { all, ofOnePattern, ofOne, ofOneInvitation } = this.most;
    const share = pattern === CLAIM_PATTERN ? ofOneInvitation : ofOne;
    const [ofPattern, ofSubject] = [`pattern ${pattern}`, `subject ${subject}`];
    if (this.#on(ofSubject) >= share || this.#on(ofPattern) >= ofOnePattern || this.#work.size >= all) {
      throw new Rejection('service.busy', { detail: 'Too many requests at once; ask again in a moment.' });
    }
    for (const key of [ofPattern, ofSubject]) this.#of.set(key, this.#on(key) + 1);
    return () => {
      for (const key of [ofPattern, ofSubject]) this.#leave(key);
    };
  }

  /** Until it is done it counts among all. */
  async during(work: Promise<unknown>): Promise<void> {
    this.#work.add(work);
    try {
      await work;
    } finally {
      this.#work.delete(work);
    }
  }

  /** Resolves when nothing is left. */
  async done(): Promise<void> {
    await Promise.allSettled(this.#work);
  }

  #on(key: string): number {
    return this.#of.get(key) ?? 0;
  }

  #leave(key: string): void {
    const left = this.#on(key) - 1;
    if (left > 0) this.#of.set(key, left);
    else this.#of.delete(key);
  }
}
