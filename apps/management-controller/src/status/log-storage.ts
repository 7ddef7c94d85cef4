import type { NatsConnection } from '@nats-io/transport-node';
import { lookEvery } from '@caravan/platform';
import type { Condition, Health } from '@caravan/platform';
import { z } from 'zod';

/** What a server says about its JetStream (nats-server, `JSZ`). */
const jszSchema = z.object({
  server: z.object({ name: z.string() }),
  data: z.object({
    disabled: z.boolean().optional(),
    storage: z.int().optional(),
    config: z.object({ max_storage: z.int().optional(), store_dir: z.string().optional() }).optional(),
  }),
});
export type StorageReport = z.infer<typeof jszSchema>;

const LOOK_EVERY_MS = 2_000;
const NEARLY = 0.9;

/** Whether the servers have room for the log, told before the last of it is used. */
export class LogStorage {
  #trouble: Condition | undefined;
  /** Looks no more. */
  readonly stop: () => void;

  constructor(
    /** Connected to the system account. */
    private readonly nats: NatsConnection,
    health: Health,
  ) {
    health.watch('log storage', () => this.#trouble);
    this.stop = lookEvery(LOOK_EVERY_MS, () => this.look());
  }

  private async look(): Promise<void> {
    const reports: StorageReport[] = [];
    try {
      const options = { strategy: 'stall', maxWait: 1_000, stall: 200 } as const;
      for await (const answer of await this.nats.requestMany('$SYS.REQ.SERVER.PING.JSZ', '{}', options)) {
        const report = jszSchema.safeParse(answer.json());
        if (report.success) reports.push(report.data);
      }
    } catch {
      return; // a connection that is lost says so itself
    }
    this.#trouble = storageTrouble(reports);
  }
}

/** What the servers' reports mean; the worst of them counts. */
export function storageTrouble(reports: readonly StorageReport[]): Condition | undefined {
  const troubles = reports.map(troubleOf);
  return troubles.find((trouble) => trouble?.code === 'log.full') ?? troubles.find(Boolean);
}

function troubleOf({ server: { name }, data }: StorageReport): Condition | undefined {
  const { storage = 0, config } = data;
  const most = config?.max_storage ?? 0;
  if (data.disabled) {
    return {
      says: `JetStream of nats-server ${name} is off: if its disk was full, it turned it off itself`,
      status: 'away',
      code: 'log.unavailable',
      remedy: 'make room on its disk and restart it',
    };
  }
  if (most <= 0 || storage < most * NEARLY) return undefined;
  const where = `nats-server ${name} has used ${storage} of ${most} bytes${config?.store_dir ? ` in ${config.store_dir}` : ''}`;
  const remedy = 'make room on its disk or raise max_file_store, and restart it';
  if (storage < most)
    return { says: `${where}: soon nothing more can be written`, code: 'log.nearly-full', remedy, hinders: false };
  return { says: `${where}: nothing can be written, what is there can be read`, code: 'log.full', remedy };
}
