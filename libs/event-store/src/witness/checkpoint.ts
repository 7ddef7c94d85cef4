/** What was seen of the log at one place. */
export interface LogCheckpoint {
  /** The position of the entry that was seen last; from 1. */
  readonly sequence: number;
  /** The chain there (hexadecimal): stands for every entry up to it. */
  readonly chain: string;
  /** SHA-256 (hex) over that entry's raw bytes: what can be compared without reading the whole log. */
  readonly commitHash: string;
  /** When it was seen. */
  readonly at: Date;
}

/** Every so many entries a checkpoint is kept for ever; between them only the last one is. */
export const MILESTONE = 1_000;

/** An alarm that nobody has ended yet. */
export interface OpenAlarm {
  readonly raisedAt: Date;
  readonly sequence: number;
  readonly says: string;
}

/** The log as a person has taken it to be right from now on. */
export interface Acceptance {
  /** Where the log ended when it was accepted, and the hash of the entry there. */
  readonly sequence: number;
  readonly commitHash: string;
  readonly by: string;
  readonly reason: string;
}

/** Where a witness keeps what it has seen: away from the log, so that what happens to the one does not happen to the other. */
export interface WitnessLedger {
  /** The one furthest on. */
  last(): Promise<LogCheckpoint | undefined>;
  /** All behind `after`, up to and including `upTo`, in order. */
  between(after: number, upTo: number): Promise<readonly LogCheckpoint[]>;
  /**
   * Adds them, in order, unless others stand there; what lay between milestones before the last of them is dropped.
   * @returns those that were there before, as they are stored: another replica may have seen something else.
   */
  add(checkpoints: readonly LogCheckpoint[]): Promise<readonly LogCheckpoint[]>;
  openAlarm(): Promise<OpenAlarm | undefined>;
  /** Remembers it, unless one is open already. */
  raiseAlarm(alarm: OpenAlarm): Promise<void>;
  /** Ends what is open. `why`: in words. */
  endAlarm(by: string, why: string): Promise<void>;
  /** Drops the checkpoints behind `keepUpTo`, ends the alarm and remembers who did so and why; all or nothing. Returns how many. */
  accept(acceptance: Acceptance, keepUpTo: number): Promise<number>;
}
