import type { AccessKind, Item } from '@caravan/data-plane';

/** Who may come in while nobody knows whether it was revoked meanwhile: the word about that may come over these alone. */
const PEERS_WAIT_MS = 5_000;

export interface DoorsOptions {
  /** What this site desires was heard since its supervisor started: doors that were open stay so when this process is another one. */
  readonly hasHeard?: boolean;
  /** After so long without a word all doors open on what is known. Default: never. */
  readonly openAfterMs?: number;
  /** Others are open now. */
  readonly changed: () => void;
}

/**
 * A site that was away does not know whom it must not let in any more. Until it has heard from the management plane, claims and
 * members wait before its doors; peers do as long as the word may come another way. What it dials, it dials: so it hears.
 */
export class Doors {
  private heard: boolean;
  private readonly since = performance.now();
  private readonly openAfterMs: number;
  private readonly timers: NodeJS.Timeout[];

  constructor(private readonly options: DoorsOptions) {
    const { hasHeard = false, openAfterMs = Infinity, changed } = options;
    this.heard = hasHeard;
    this.openAfterMs = openAfterMs;
    const moments = hasHeard ? [] : [PEERS_WAIT_MS, openAfterMs].filter(Number.isFinite);
    this.timers = moments.map((ms) => setTimeout(changed, ms).unref());
  }

  get hasHeard(): boolean {
    return this.heard;
  }

  /** What this site desires is what the management plane says now. */
  hear(): void {
    if (this.heard) return;
    this.heard = true;
    this.stop();
    this.options.changed();
  }

  /** Whom `items` shut out for now. */
  shut(items: readonly Item[]): ReadonlySet<AccessKind> {
    const waitedMs = performance.now() - this.since;
    return this.heard ? NONE : shutWhileUnheard(items, waitedMs, this.openAfterMs);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

/** Said of a site before whose doors somebody waits. */
export class DoorsShut extends Error {
  readonly code = 'doors.shut';

  constructor() {
    super(
      'Claims and members are not let in until the management plane has said who was revoked while this site was away. ' +
        'A site that OPEN_UNHEARD_AFTER_SECONDS was given opens by itself.',
    );
  }
}

const NONE: ReadonlySet<AccessKind> = new Set();

/** Pure. */
export function shutWhileUnheard(
  items: readonly Item[],
  waitedMs: number,
  openAfterMs: number,
): ReadonlySet<AccessKind> {
  if (waitedMs >= openAfterMs) return NONE;
  const doPeersWait = waitedMs < PEERS_WAIT_MS && items.some(mayBringTheWord);
  return new Set<AccessKind>(['claim', 'member', ...(doPeersWait ? (['peer'] as const) : [])]);
}

const mayBringTheWord = (item: Item): boolean =>
  item.kind === 'link' || (item.kind === 'access-point' && item.access === 'manage');
