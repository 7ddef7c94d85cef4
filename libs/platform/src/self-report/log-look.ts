import { LogError } from '@caravan/event-store';
import { viewLog } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOG_REMEDY } from '../event-log/open-event-log.js';
import type { Condition, Health } from '../health/index.js';
import { lookEvery } from '../lifecycle/look-every.js';

const LOOK_EVERY_MS = 2_000;

/**
 * Looks from time to time whether the log is there, how far it goes, and how far this service's followers are: one that hears
 * nothing cannot know by itself whether nothing happened.
 */
export class LogLook {
  #trouble: Condition | undefined;
  #end: number | undefined;
  /** Looks no more. */
  readonly stop: () => void;

  constructor(
    private readonly nats: NatsConnection,
    private readonly health: Health,
  ) {
    health.watch('log', () => this.#trouble);
    health.watch('followers', () => health.followers.trouble());
    this.stop = lookEvery(LOOK_EVERY_MS, () => this.look());
  }

  /** The position of the log's last entry at the last look; undefined: it is not known now. */
  get end(): number | undefined {
    return this.#end;
  }

  async look(): Promise<void> {
    try {
      const view = await viewLog(this.nats);
      this.#end = view?.end;
      this.#trouble = view ? undefined : { says: 'there is no log on this server', ...AWAY };
    } catch (error) {
      const { message } = error as Error;
      this.#end = undefined;
      this.#trouble = { says: message, ...AWAY, ...(error instanceof LogError && { code: error.code }) };
    }
    await this.health.followers.look(this.#end);
  }
}

const AWAY = { status: 'away', code: 'log.missing', remedy: LOG_REMEDY } as const;
