import type { AccessKind, AdmissionItem, ItemState, Phase } from '@caravan/data-plane';
import { boundaryAfter } from '@caravan/data-plane';
import { Door } from './door.js';

/** What stands behind a server name at this moment. Only an open door judges anybody. */
export type Entrance = { readonly status: Phase; readonly admission: AdmissionItem } | { readonly status: 'unknown' };

/**
 * The doors of all access points: an access kind and a server name lead to one admission. Two admissions of one name would
 * make trust depend on their order, so the first by id stands and the others are refused.
 */
export class Doors {
  readonly #byName = new Map<string, Door>();
  readonly #faulty: Record<string, ItemState> = {};
  /** The phases at the last look. */
  readonly #seen = new Map<Door, Phase>();

  /** `before`: the doors so far, for what their windows have come to. */
  constructor(
    admissions: readonly AdmissionItem[],
    unusable: (admission: AdmissionItem) => string | undefined,
    before?: Doors,
  ) {
    for (const admission of admissions.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const name = nameOf(admission.access, admission.serverName);
      const holder = this.#byName.get(name)?.admission;
      const fault = unusable(admission);
      if (fault !== undefined) this.#faulty[`admission/${admission.id}`] = { state: 'failed', detail: fault };
      else if (holder) {
        const detail = `${admission.serverName} is the ${admission.access} door of admission ${holder.id} already`;
        this.#faulty[`admission/${admission.id}`] = { state: 'refused', detail };
      } else this.#byName.set(name, new Door(admission, before && before.#byName.get(name)));
    }
  }

  /** What judges a handshake now. By the clock alone: no timer has to fire for a door to open or to shut. */
  find(access: AccessKind, serverName: string, now: number): Entrance {
    const door = this.#byName.get(nameOf(access, serverName));
    return door ? { status: door.phase(now), admission: door.admission } : { status: 'unknown' };
  }

  /** Whether a door opened or shut since the last look. */
  look(now: number): boolean {
    let isOther = false;
    for (const door of this.#byName.values()) {
      const phase = door.phase(now);
      isOther ||= this.#seen.get(door) !== phase;
      this.#seen.set(door, phase);
    }
    return isOther;
  }

  /** When the next door opens or shuts, or will within `leadMs`; undefined: no door ever does. Infinity: none any more, if the clock stays a clock. */
  nextBoundary(now: number, leadMs = 0): number | undefined {
    const windows = [...this.#byName.values()].flatMap(({ admission: { window } }) => window ?? []);
    if (windows.length === 0) return undefined;
    return windows.reduce((next, window) => {
      const soon = Date.parse(window.from) - leadMs;
      return Math.min(next, soon > now ? soon : (boundaryAfter(window, now) ?? Infinity));
    }, Infinity);
  }

  /** What opens within `leadMs`, the soonest first. */
  openingWithin(leadMs: number, now: number): AdmissionItem[] {
    const opens = ({ window }: AdmissionItem): number => Date.parse(window?.from ?? '');
    return [...this.#byName.values()]
      .filter((door) => door.phase(now) === 'not-started' && opens(door.admission) - leadMs <= now)
      .map(({ admission }) => admission)
      .sort((a, b) => opens(a) - opens(b));
  }

  /** How many doors with a window are in each phase. */
  count(now: number): Readonly<Record<Phase, number>> {
    const counts = { 'not-started': 0, open: 0, ended: 0 };
    for (const door of this.#byName.values()) if (door.admission.window) counts[door.phase(now)]++;
    return counts;
  }

  states(now: number): Readonly<Record<string, ItemState>> {
    const doors = [...this.#byName.values()].map((door) => [`admission/${door.admission.id}`, door.state(now)]);
    return { ...(Object.fromEntries(doors) as Record<string, ItemState>), ...this.#faulty };
  }
}

/** Host names compare without case (RFC 6066, 3). */
const nameOf = (access: AccessKind, serverName: string): string => `${access}|${serverName.toLowerCase()}`;
