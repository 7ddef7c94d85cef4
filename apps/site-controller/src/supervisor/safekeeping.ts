import type { Configuration } from '@caravan/data-plane';

/** A supervisor that was stopped in its tracks starts no relay, so that nothing is lost by going on without it. */
const PATIENCE_MS = 1_000;

/**
 * Gives each configuration to the supervisor before the relay hears of it: whatever the relay took away from somebody stays
 * taken away when the supervisor starts it again while this process is dead or stopped. One at a time, and of those that wait the
 * newest alone: a supervisor that does not read makes nothing grow here.
 */
export class Safekeeping {
  private waiting: Configuration | undefined;
  private giving: Promise<void> | undefined;

  /** @param send resolves when the bytes are on their way; they are overwritten then. */
  constructor(
    private readonly send: (configuration: Buffer) => Promise<void>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Resolves when the supervisor has it, or does not take it for a second. */
  async give(configuration: Configuration): Promise<void> {
    this.waiting = configuration;
    this.giving ??= this.giveAll().finally(() => (this.giving = undefined));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.patienceMs)));
    await Promise.race([this.giving, patience]);
    clearTimeout(timer);
  }

  private async giveAll(): Promise<void> {
    while (this.waiting) {
      const bytes = Buffer.from(JSON.stringify(this.waiting), 'utf8');
      this.waiting = undefined;
      await this.send(bytes);
      bytes.fill(0);
    }
  }
}
