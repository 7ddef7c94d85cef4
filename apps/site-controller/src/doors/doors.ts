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
  /** Set by timers and not read from a clock, of which they may be a little ahead. */
  private havePeersWaited = false;
  private isLongEnough = false;
  private readonly timers: NodeJS.Timeout[];

  constructor(private readonly options: DoorsOptions) {
    const { hasHeard = false, openAfterMs = Infinity, changed } = options;
    this.heard = hasHeard;
    const after = (ms: number, become: () => void): NodeJS.Timeout[] => {
      if (hasHeard || !Number.isFinite(ms)) return [];
      const passed = (): void => {
        become();
        changed();
      };
      return [setTimeout(passed, ms).unref()];
    };
    const peers = after(PEERS_WAIT_MS, () => (this.havePeersWaited = true));
    this.timers = [...peers, ...after(openAfterMs, () => (this.isLongEnough = true))];
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
    return this.heard || this.isLongEnough ? NONE : shutWhileUnheard(items, this.havePeersWaited);
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
export function shutWhileUnheard(items: readonly Item[], havePeersWaited: boolean): ReadonlySet<AccessKind> {
  const doPeersWait = !havePeersWaited && items.some(mayBringTheWord);
  return new Set<AccessKind>(['claim', 'member', ...(doPeersWait ? (['peer'] as const) : [])]);
}

const mayBringTheWord = (item: Item): boolean =>
  item.kind === 'link' || (item.kind === 'access-point' && item.access === 'manage');
