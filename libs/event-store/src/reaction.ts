import type { Event, EventType } from '@caravan/events';
import type { RecordedEvent } from './recorded-event.js';

/**
 * What a reaction does about an event. It may be called again for the same event, also after it succeeded, and at another
 * replica: its effects carry ids derived from the event (`causeOf`), so that a second time changes nothing.
 * @throws NotYet to be called again later; PermanentFailure when that would never help; anything else to be called again
 * with a growing delay.
 */
export type ReactionHandler = (event: RecordedEvent) => Promise<void>;

/** Types a handler by its event: an entry for `handlers` of a reaction. */
export const reactTo = <Type extends string, Data>(
  { type }: EventType<Type, Data>,
  handle: (event: RecordedEvent<Event<Type, Data>>) => Promise<void>,
): readonly [string, ReactionHandler] => [type, handle as ReactionHandler];

/** Something that the reaction needs is not there yet, and nothing is wrong. Never counts as a failure. */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor(
    reason: string,
    /** When to try again. */
    readonly delayMs = 1_000,
  ) {
    super(reason);
  }
}

/** Trying again would never help: the commit goes to quarantine, and the others go on. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

/** A commit that a reaction could not deal with, put aside for a person. */
export interface Quarantined {
  /** The durable name of the reaction. */
  readonly reaction: string;
  readonly stream: string;
  readonly position: number;
  readonly reason: string;
  /** ISO-8601 UTC, where it is remembered. */
  readonly recordedAt?: string;
}

/** Where such commits are remembered. Recording the same reaction and position twice leaves one entry. */
export interface Quarantine {
  record(entry: Quarantined): Promise<void>;
  /** All, or those of one reaction, by position. */
  list(reaction?: string): Promise<readonly Quarantined[]>;
  resolve(reaction: string, position: number): Promise<void>;
}

/** For specs. */
export class InMemoryQuarantine implements Quarantine {
  private readonly entries = new Map<string, Quarantined>();

  async record(entry: Quarantined): Promise<void> {
    this.entries.set(`${entry.reaction}@${entry.position}`, entry);
  }

  async list(reaction?: string): Promise<readonly Quarantined[]> {
    const entries = [...this.entries.values()].filter((entry) => reaction === undefined || entry.reaction === reaction);
    return entries.sort((a, b) => a.position - b.position);
  }

  async resolve(reaction: string, position: number): Promise<void> {
    this.entries.delete(`${reaction}@${position}`);
  }
}
