import type { FollowerState } from '@caravan/events';
import type { Condition } from './condition.js';

/** How a consumer of the log is, as it says itself. */
export interface FollowerLook {
  readonly status: FollowerState['status'];
  /** Up to where it has dealt with the log; null: not known now. */
  readonly position: number | null;
  /** How many entries wait for it, where the position does not tell: a reaction has a part of the log only. */
  readonly waiting?: number | null;
}

export interface Followed {
  readonly name: string;
  readonly kind: FollowerState['kind'];
  readonly look: () => FollowerLook | Promise<FollowerLook>;
}

interface Seen extends FollowerState {
  /** How many looks in a row found entries waiting and the consumer where it was. */
  readonly stuck: number;
}

/** Being behind for a moment is no trouble: not getting from the spot is. */
const STUCK_AFTER_LOOKS = 3;

/** The consumers of the log that a service has, and how far each was at the last look. */
export class Followers {
  readonly #followed: Followed[] = [];
  #seen: readonly Seen[] = [];
  #end: number | undefined;

  add(consumer: Followed): void {
    this.#followed.push(consumer);
  }

  /** As of the last look. */
  states(): FollowerState[] {
    return this.#seen.map(({ stuck: _, ...state }) => state);
  }

  /** Looks at each. `end`: the log's last position; undefined: it is not known now. */
  async look(end: number | undefined): Promise<void> {
    const isLonger = end === undefined || end !== this.#end;
    const before = new Map(this.#seen.map((seen) => [seen.name, seen]));
    this.#end = end;
    this.#seen = await Promise.all(
      this.#followed.map(async (each) => {
        const last = before.get(each.name);
        return !isLonger && last && hadAll(last) ? last : seen(each, end, last);
      }),
    );
  }

  /** Who hears nothing of what is in the log. A halted one says so itself, and who stands by has nothing to do. */
  trouble(): Condition | undefined {
    const stuck = this.#seen.filter((seen) => seen.stuck >= STUCK_AFTER_LOOKS);
    if (stuck.length === 0) return undefined;
    const each = stuck.map(
      ({ name, position, behind }) => `${name} stays at ${position}, ${behind} behind the log’s end`,
    );
    return { says: each.join('; '), code: 'log.behind', remedy: 'if it does not go on by itself, restart the service' };
  }
}

/** The server is asked about a reaction; of one that had dealt with all that there is it has nothing new to say. */
const hadAll = ({ kind, behind }: Seen): boolean => kind === 'reaction' && behind === 0;

async function seen({ name, kind, look }: Followed, end: number | undefined, before?: Seen): Promise<Seen> {
  const about = { name, kind };
  try {
    const { status, position, waiting } = await look();
    const known = end === undefined || position === null ? null : Math.max(0, end - position);
    const behind = waiting === undefined ? known : waiting;
    const works = status === 'running' || status === 'catching-up';
    const isStuck = works && behind !== null && behind > 0 && before?.position === position;
    return { ...about, status, position, behind, stuck: isStuck ? before.stuck + 1 : 0 };
  } catch {
    // What it cannot be asked for says so itself: the log, or the database.
    return {
      ...about,
      status: before?.status ?? 'running',
      position: before?.position ?? null,
      behind: null,
      stuck: 0,
    };
  }
}
