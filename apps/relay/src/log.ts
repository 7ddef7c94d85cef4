import { pino } from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const processLog = (): pino.Logger =>
  pino({
    base: { service: 'relay' },
    timestamp: pino.stdTimeFunctions.isoTime,
    level: process.env['LOG_LEVEL'] ?? 'info',
  });

const WINDOW_MS = 10_000;
const LINES_PER_WINDOW = 20;

/**
 * For lines that a peer can cause at will: at most twenty of a kind in ten seconds, then one that says how many were left
 * out. Counters count all of them.
 */
export class PeerLog {
  readonly #kinds = new Map<string, { since: number; lines: number }>();

  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  warn(kind: string, fields: object, message: string): void {
    const now = this.now();
    const seen = this.#kinds.get(kind);
    if (seen && now - seen.since < WINDOW_MS) {
      if (++seen.lines <= LINES_PER_WINDOW) this.log.warn({ code: kind, ...fields }, message);
      return;
    }
    const leftOut = Math.max(0, (seen?.lines ?? 0) - LINES_PER_WINDOW);
    this.#kinds.set(kind, { since: now, lines: 1 });
    this.log.warn({ code: kind, ...fields, ...(leftOut > 0 && { leftOut }) }, message);
  }
}
