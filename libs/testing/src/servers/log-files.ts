import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '@caravan/event-store';
import { ensureLog, LOG_STREAM, viewLog, entryAt } from '@caravan/event-store/jetstream';
import { startNatsServer } from '@caravan/installation';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { natsServerBin } from './nats.js';

export type LogBlock = 'first' | 'last';

/** The files in which a nats-server keeps the log, to be damaged while it is stopped. `storeDir` is JetStream's. */
export class LogFiles {
  constructor(private readonly storeDir: string) {}

  /** Everything that JetStream keeps, the log and its consumers. */
  copyTo(dir: string): void {
    cpSync(this.storeDir, dir, { recursive: true });
  }

  restoreFrom(dir: string): void {
    rmSync(this.storeDir, { recursive: true, force: true });
    cpSync(dir, this.storeDir, { recursive: true });
  }

  /** How many files the entries lie in. */
  get blocks(): number {
    return this.blockFiles().length;
  }

  cut(block: LogBlock, bytes: number): void {
    const file = this.file(block);
    truncateSync(file, statSync(file).size - bytes);
  }

  cutInHalf(block: LogBlock): void {
    const file = this.file(block);
    truncateSync(file, statSync(file).size >> 1);
  }

  /** One bit of the byte at that place; below zero it is counted from the end. */
  flipBit(block: LogBlock, place: number): void {
    const path = this.file(block);
    const file = openSync(path, 'r+');
    try {
      const at = place < 0 ? statSync(path).size + place : place;
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, at);
      byte[0]! ^= 0x01;
      writeSync(file, byte, 0, 1, at);
    } finally {
      closeSync(file);
    }
  }

  remove(block: LogBlock): void {
    rmSync(this.file(block));
  }

  /** What the server wrote down when it stopped: without it, it believes the files. */
  forgetIndex(): void {
    rmSync(join(this.messages(), 'index.db'), { force: true });
  }

  private file(block: LogBlock): string {
    return join(this.messages(), this.blockFiles().at(block === 'first' ? 0 : -1)!);
  }

  private blockFiles(): string[] {
    const blocks = readdirSync(this.messages()).filter((file) => file.endsWith('.blk'));
    return blocks.sort((one, other) => Number.parseInt(one) - Number.parseInt(other));
  }

  private messages(): string {
    const accounts = join(this.storeDir, 'jetstream');
    const found = readdirSync(accounts)
      .map((account) => join(accounts, account, 'streams', LOG_STREAM, 'msgs'))
      .find((dir) => existsSync(dir));
    if (found === undefined) throw new Error(`there is no log below ${this.storeDir}`);
    return found;
  }
}

/** Runs a nats-server without any rules on the files of one that is stopped; `account`: whose log it is. */
export async function withServerOn(
  storeDir: string,
  account: string,
  work: (nc: NatsConnection) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'caravan-nats-'));
  const config = `server_name: caravan
listen: "127.0.0.1:-1"
jetstream { store_dir: ${JSON.stringify(storeDir)}, sync_interval: always }
accounts { ${account} { jetstream: enabled, users: [ { user: test, password: test } ] } }
no_auth_user: test
`;
  const server = await startNatsServer({ bin: await natsServerBin(), config, dir });
  try {
    const nc = await connect({ servers: `127.0.0.1:${server.port}` });
    await work(nc).finally(() => nc.close());
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Makes the log anew out of what it holds: every entry as `change` gives it, or without it. Nothing in its files is wrong then. */
export async function rewriteLog(
  nc: NatsConnection,
  change: (entry: LogEntry) => Uint8Array | undefined,
): Promise<void> {
  const end = (await viewLog(nc))?.end ?? 0;
  const positions = Array.from({ length: end }, (_, index) => index + 1);
  const entries = await inChunks(positions, (position) => entryAt(nc, position));
  await (await jetstreamManager(nc, { checkAPI: false })).streams.delete(LOG_STREAM);
  await ensureLog(nc);
  const kept = entries.flatMap((entry) => {
    const bytes = change(entry!);
    return bytes ? { stream: entry!.stream, bytes } : [];
  });
  // One connection keeps their order.
  await inChunks(kept, ({ stream, bytes }) => jetstream(nc).publish(stream, bytes));
}

async function inChunks<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let n = 0; n < items.length; n += 200) done.push(...(await Promise.all(items.slice(n, n + 200).map(work))));
  return done;
}
