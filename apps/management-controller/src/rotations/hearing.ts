/** Three heartbeats of a site. */
const AWAY_AFTER_MS = 30_000;
/** Longer than this nobody may have looked away. */
const GAP_MS = 15_000;

/**
 * Tells a site that is away from one that could not be heard: after an outage of the management plane, of its database or of NATS
 * everybody has been silent. Who is silent while others are heard, and has been for long enough since they are, is away.
 */
export class Hearing {
  #since: number | undefined;
  #last = 0;

  /** `newest`: when anybody was heard last; ISO-8601. To be called every few seconds, whether somebody needs to know or not. */
  heard(newest: string | undefined, now: Date): void {
    const time = now.getTime();
    if (time - this.#last > GAP_MS) this.#since = undefined;
    this.#last = time;
    const isHeard = newest !== undefined && time - Date.parse(newest) < AWAY_AFTER_MS;
    this.#since = isHeard ? (this.#since ?? time) : undefined;
  }

  isAway(lastSeenAt: string | null, now: Date): boolean {
    const listened = this.#since !== undefined && now.getTime() - this.#since > AWAY_AFTER_MS;
    return listened && (lastSeenAt === null || now.getTime() - Date.parse(lastSeenAt) > AWAY_AFTER_MS);
  }
}
