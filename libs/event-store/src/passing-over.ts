import { LogEntryPassedOver } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { commitHash } from './commit-bytes.js';
import { eventRegistry } from './event-registry.js';

interface Raw {
  readonly stream: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

const registry = eventRegistry([LogEntryPassedOver]);

/**
 * What an entry's own stream (`logEntryStream`) says about it: the hashes of the bytes that are passed over. An entry there that
 * cannot be read says nothing.
 */
export const hashesPassedOver = (commits: readonly Raw[]): string[] =>
  commits.flatMap(({ stream, position, bytes }) => {
    try {
      const events = registry.decode(stream, position, bytes).events as readonly unknown[];
      return (events as readonly EventOf<typeof LogEntryPassedOver>[])
        .filter(({ data }) => stream.endsWith(`.${data.position}`))
        .map(({ data }) => data.hash);
    } catch {
      return []; // whoever reads that stream is told; here it only means that nothing was decided
    }
  });

/**
 * The entries of which the log says that they have no effect, as far as it was asked. Once passed over is for ever: also a version
 * that could read the entry leaves it out, or a rebuild would not give the rows that were there before.
 */
export class PassedOver {
  private readonly entries = new Map<number, ReadonlySet<string>>();

  learn(position: number, hashes: readonly string[]): void {
    if (hashes.length > 0) this.entries.set(position, new Set(hashes));
  }

  /** Costs next to nothing for an entry that nobody passed over. */
  has({ position, bytes }: Pick<Raw, 'position' | 'bytes'>): boolean {
    return this.entries.get(position)?.has(commitHash(bytes)) ?? false;
  }
}
