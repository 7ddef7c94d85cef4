import { commitHash } from '../commit-bytes.js';
import type { LogCheckpoint } from './checkpoint.js';
import type { Divergence } from './divergence.js';
import { chainAfter, chainText, EMPTY_LOG } from './log-chain.js';
import type { LogEntry } from './log-chain.js';

export interface LogVerifierOptions {
  /** What was witnessed, in order. */
  readonly checkpoints?: readonly LogCheckpoint[];
  /**
   * Whether each commit must name the commit before it on its stream, too. It finds a change that no checkpoint covers, and its
   * very place; it parses every commit and remembers a hash for each stream. Default false.
   */
  readonly links?: boolean;
}

/** Holds a log, read from its first entry on, against what was witnessed of it. Pure: whoever reads the log feeds it. */
export class LogVerifier {
  /** The last position that was right. */
  position = 0;
  chain: Uint8Array = EMPTY_LOG;
  /** The last checkpoint that was met. */
  private verified = 0;
  private next = 0;
  private readonly checkpoints: readonly LogCheckpoint[];
  private readonly lastOf: Map<string, string> | undefined;

  constructor({ checkpoints = [], links = false }: LogVerifierOptions = {}) {
    this.checkpoints = checkpoints;
    this.lastOf = links ? new Map() : undefined;
  }

  /** What is wrong with the next entry; then it is not taken, and nothing behind it can be judged. */
  take(entry: LogEntry): Divergence | undefined {
    const { position } = entry;
    if (position !== this.position + 1) return { kind: 'incomplete', sequence: this.position + 1, found: position };
    const broken = this.lastOf && brokenLink(this.lastOf, entry);
    if (broken) return broken;
    const chain = chainAfter(this.chain, entry);
    const checkpoint = this.checkpoints[this.next];
    if (checkpoint?.sequence === position) {
      if (checkpoint.chain !== chainText(chain)) return { kind: 'altered', sequence: position, after: this.verified };
      this.next++;
      this.verified = position;
    }
    this.position = position;
    this.chain = chain;
    return undefined;
  }

  /** What is wrong with a log that ends here. */
  end(): Divergence | undefined {
    const last = this.checkpoints.at(-1);
    if (!last || last.sequence <= this.position) return undefined;
    return { kind: 'went-back', sequence: last.sequence, end: this.position };
  }

  /** The last checkpoint that it has met, 0 before the first: up to there the log is the one that was witnessed. */
  get witnessedUpTo(): number {
    return this.verified;
  }
}

function brokenLink(lastOf: Map<string, string>, { position, stream, bytes }: LogEntry): Divergence | undefined {
  const previous = lastOf.get(stream) ?? null;
  if (previousIn(bytes) !== previous) return { kind: 'unlinked', sequence: position, stream };
  lastOf.set(stream, commitHash(bytes));
  return undefined;
}

/** What a commit names as its stream's previous one; undefined when it is no commit. */
function previousIn(bytes: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { previous?: unknown } | null)?.previous;
  } catch {
    return undefined;
  }
}
