/** What a process uses, as it says itself. */
export interface Usage {
  readonly atMs: number;
  /** Since it began. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Less than this of one core is what timers and heartbeats take. */
const IDLE_SHARE = 0.02;
/** Below this there is nothing worth a pause. */
const WORTH_BYTES = 2 * 1024 * 1024;

/** Whether a process has the time to give memory back, and something to give. */
export class Idleness {
  private before: Usage | undefined;
  private settledBytes = 0;

  /** To be told at regular times. Pure but for what it remembers of the time before. */
  isTimeToGiveBack(now: Usage): boolean {
    const { before } = this;
    this.before = now;
    if (!before) return false;
    const share = (now.cpuMs - before.cpuMs) / (now.atMs - before.atMs);
    return share < IDLE_SHARE && now.residentBytes > this.settledBytes + WORTH_BYTES;
  }

  /** What is left when all was given back. Giving takes time too, which is no work. */
  gaveBack(now: Usage): void {
    this.before = now;
    this.settledBytes = now.residentBytes;
  }
}
