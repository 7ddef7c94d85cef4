/** What a relay takes up once nothing goes on; memory in MiB. */
export interface Footprint {
  readonly resident: number;
  readonly heap: number;
  readonly external: number;
  readonly descriptors: number;
  readonly handles: number;
  readonly sessions: number;
  readonly lines: number;
  readonly tunnels: number;
}

interface Figure {
  readonly name: string;
  readonly unit: '' | ' MiB';
  /** More than this much more is a leak. */
  readonly allowed: number;
}

/** Resident memory is the allocator's, too, which gives back when it likes; the heap is exact after a collection. */
const FIGURES: Readonly<Record<keyof Footprint, Figure>> = {
  resident: { name: 'resident memory', unit: ' MiB', allowed: 32 },
  heap: { name: 'heap', unit: ' MiB', allowed: 2 },
  external: { name: 'buffers', unit: ' MiB', allowed: 4 },
  descriptors: { name: 'open descriptors (sockets and files)', unit: '', allowed: 0 },
  // Timers of its own come and go; what an attacker leaves behind is left a thousand times.
  handles: { name: 'active handles', unit: '', allowed: 4 },
  // Exact after a collection; one whose socket has only just gone may still be on its way out.
  sessions: { name: 'HTTP/2 sessions in memory', unit: '', allowed: 2 },
  lines: { name: 'lines', unit: '', allowed: 0 },
  tunnels: { name: 'tunnels', unit: '', allowed: 0 },
};
const KEYS = Object.keys(FIGURES) as (keyof Footprint)[];

/** What has grown by more than is allowed, in words; empty when nothing has. */
export function leaksBetween(warm: Footprint, last: Footprint): string[] {
  return KEYS.filter((key) => !(last[key] - warm[key] <= FIGURES[key].allowed)).map((key) => {
    const { name, unit, allowed } = FIGURES[key];
    return `leaks: ${name}, ${warm[key]}${unit} when warm, ${last[key]}${unit} at last; ${allowed}${unit} more would be allowed`;
  });
}

export const inWords = (at: Footprint): string =>
  KEYS.map((key) => `${FIGURES[key].name} ${at[key]}${FIGURES[key].unit}`).join(', ');

/** Each figure's median on its own: one look at a moment of garbage or of a passing timer says nothing. */
export function typical(seen: readonly Footprint[]): Footprint {
  const median = (key: keyof Footprint): number =>
    seen.map((at) => at[key]).sort((a, b) => a - b)[Math.floor(seen.length / 2)]!;
  return Object.fromEntries(KEYS.map((key) => [key, median(key)])) as unknown as Footprint;
}
