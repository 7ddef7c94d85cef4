/** A log, as far as this is concerned. */
export interface Lines {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const WINDOW_MS = 10_000;
const LINES_PER_WINDOW = 20;

/**
 * For lines that somebody else can cause at will: at most twenty of a kind in ten seconds, then one that says how many were left
 * out, so that a flood fills no disk. Counters count all of them. `kind` is a code of ours, hence their number is bounded.
 */
export class PeerLog {
  readonly #kinds = new Map<string, { since: number; lines: number }>();

  constructor(
    private readonly log: Lines,
    private readonly now: () => number = Date.now,
  ) {}

  warn(kind: string, fields: object, message: string): void {
    this.#line('warn', kind, fields, message);
  }

  error(kind: string, fields: object, message: string): void {
    this.#line('error', kind, fields, message);
  }

  info(kind: string, fields: object, message: string): void {
    this.#line('info', kind, fields, message);
  }

  #line(level: keyof Lines, kind: string, fields: object, message: string): void {
    const now = this.now();
    const seen = this.#kinds.get(kind);
    if (seen && now - seen.since < WINDOW_MS) {
      if (++seen.lines <= LINES_PER_WINDOW) this.log[level]({ code: kind, ...fields }, message);
      return;
    }
    const leftOut = Math.max(0, (seen?.lines ?? 0) - LINES_PER_WINDOW);
    this.#kinds.set(kind, { since: now, lines: 1 });
    this.log[level]({ code: kind, ...fields, ...(leftOut > 0 && { leftOut }) }, message);
  }
}
