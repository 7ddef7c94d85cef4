import { setTimeout as sleep } from 'node:timers/promises';
import { LogError, LogVerifier } from '@caravan/event-store';
import type { Divergence, LogCheckpoint, LogEntry } from '@caravan/event-store';
import { Fold, HaltedError } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const HURRIED_MS = 3_000;

/** Something in the log is wrong: carried out of a fold as what halts it. */
class Found extends Error {
  constructor(readonly divergence: Divergence) {
    super(divergence.kind);
  }
}

/**
 * Reads the log from its first entry to where it ends now, and holds it against the checkpoints. After the first moments, in which
 * writers may wait for it, it works half of the time and leaves the other half to those that the service is there for.
 * @returns what is wrong first, if anything
 * @throws LogError when the log cannot be read; whatever the signal aborts with
 */
export async function verifyLog(
  nc: NatsConnection,
  checkpoints: readonly LogCheckpoint[],
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (position: number) => void },
): Promise<Divergence | undefined> {
  const start = performance.now();
  let resumed = start;
  const fold = new Fold<LogVerifier, LogEntry>({
    nc,
    name: 'verification of the log',
    initial: new LogVerifier({ checkpoints }),
    decode: (entry) => [entry],
    evolve: (verifier, entry) => {
      const divergence = verifier.take(entry);
      if (divergence) throw new Found(divergence);
      return verifier;
    },
    catchingUp: async (position) => {
      progress(position);
      if (performance.now() - start < HURRIED_MS) return;
      await sleep(performance.now() - resumed, undefined, { signal }).catch(() => undefined);
      resumed = performance.now();
    },
  });
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    await Promise.race([fold.start().caughtUp, aborted]);
    progress(fold.position);
    return fold.state.end();
  } catch (error) {
    const divergence = divergenceIn(error);
    if (divergence) return divergence;
    throw error instanceof HaltedError ? error.cause : error;
  } finally {
    await fold.stop();
  }
}

/** What the halt of a fold says of the log, if it is the log that is wrong and not the way to it. */
export function divergenceIn(error: unknown): Divergence | undefined {
  const cause = error instanceof HaltedError ? error.cause : error;
  if (cause instanceof Found) return cause.divergence;
  if (!(cause instanceof LogError)) return undefined;
  const { last, after, expected, found, position } = cause.details as Readonly<Record<string, number>>;
  switch (cause.code) {
    case 'log.went-back':
      return { kind: 'went-back', sequence: after!, end: last! };
    case 'log.incomplete':
      return { kind: 'incomplete', sequence: expected!, found: found ?? null };
    case 'log.diverged':
      return { kind: 'replaced', sequence: position! };
    default:
      return undefined;
  }
}
