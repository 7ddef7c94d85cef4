import { limits } from '../limits.js';
import { Refusal } from './refusal.js';

/** Something that is carried, as far as memory is concerned. */
export interface Carried {
  /** Bytes of it that are in this process now. One that is all crumbs ends. */
  weigh(): number;
  /** Bytes of it that have passed so far; what does not change is stuck. */
  passed(): number;
  /** Once a second: looks for what nobody tells it. */
  look(): void;
  reset(): void;
}

/**
 * `calm`: windows may be large. `short`: from half of the budget on, everything is kept small. `full`: nothing new is carried.
 * What is carried goes on in all three.
 */
export type Memory = 'calm' | 'short' | 'full';

export interface BudgetOptions {
  readonly bytes: number;
  readonly tunnels?: number;
  readonly changed?: (memory: Memory) => void;
  /** So many were reset to make room. */
  readonly evicted?: (count: number) => void;
}

/** Measured: the objects of one tunnel that carries nothing, in a relay that passes it on. */
const TUNNEL_BYTES = 24 * 1024;
/** What one scope may take of everything, in quarters: other networks, and the way to the management plane, keep the rest. */
const SHARE_QUARTERS = 3;
/** Only what was let in while there was room can lead beyond the budget; from here on, in quarters, some of it has to go. */
const EVICT_QUARTERS = 5;
const LOOK_MS = 1_000;
const MEASURE_MS = 50;
/** Of this process's time, for measuring: one fiftieth. */
const MEASURE_SHARE = 50;

/** What one scope has of everything. */
interface Part {
  tunnels: number;
  held: number;
}

/** The one place that says whether the relay can carry another connection: all tunnels together hold a bounded number of bytes. */
export class Budget {
  memory: Memory = 'calm';
  /** Bytes held: as last measured, with what came and went since. */
  held = 0;
  readonly #tickets = new Set<Ticket>();
  readonly #scopes = new Map<string, Part>();
  #measuring: NodeJS.Timeout | undefined;
  readonly #looking: NodeJS.Timeout;

  constructor(private readonly options: BudgetOptions) {
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  get tunnels(): number {
    return this.#tickets.size;
  }

  get bytes(): number {
    return this.options.bytes;
  }

  /** Whether windows may be larger, by so many bytes altogether: all of it may come before anybody has measured again. */
  hasRoom(bytes: number): boolean {
    return this.memory === 'calm' && memoryOf(this.held + bytes, this.options.bytes) === 'calm';
  }

  /** @throws Refusal `relay.full`: too many tunnels, or they hold too much, here or in `scope` alone. */
  take(scope: string): Ticket {
    const { bytes, tunnels: most = limits.tunnels } = this.options;
    const part = this.#scopes.get(scope) ?? { tunnels: 0, held: 0 };
    if (this.tunnels >= most) throw new Refusal('relay.full', `${most} tunnels are open`);
    if (isOverShare(part.tunnels, most)) throw new Refusal('relay.full', `${scope} has ${part.tunnels} tunnels open`);
    if (this.held >= bytes) throw new Refusal('relay.full', `tunnels hold ${this.held} bytes of ${bytes}`);
    if (isOverShare(part.held, bytes))
      throw new Refusal('relay.full', `${scope} makes this relay hold ${part.held} bytes`);
    const ticket = new Ticket(scope, () => this.#giveBack(ticket));
    this.#tickets.add(ticket);
    this.#scopes.set(scope, part);
    part.tunnels++;
    // At once: hundreds may come between two measurements.
    this.#add(part, ticket.held);
    if (this.tunnels * TUNNEL_BYTES * 4 >= bytes) this.watch();
    return ticket;
  }

  /** Somebody does not read: from now on it is measured what that costs, for as long as it may matter. */
  watch(): void {
    this.#measuring ??= setTimeout(() => this.#measureOn(), MEASURE_MS).unref();
  }

  /** Looks at everything that is carried. */
  measure(): void {
    // First all of it: one that is too much ends while it is looked at, and is gone then.
    for (const ticket of this.#tickets) ticket.measure();
    this.held = 0;
    for (const part of this.#scopes.values()) part.held = 0;
    for (const ticket of this.#tickets) this.#add(this.#scopes.get(ticket.scope)!, ticket.held);
    this.#become(memoryOf(this.held, this.options.bytes));
    if (this.held * 4 > this.options.bytes * EVICT_QUARTERS) this.#evict();
  }

  close(): void {
    clearTimeout(this.#measuring);
    clearInterval(this.#looking);
  }

  #look(): void {
    for (const ticket of this.#tickets) ticket.look();
  }

  #measureOn(): void {
    this.#measuring = undefined;
    const before = cpuMilliseconds();
    this.measure();
    const cost = cpuMilliseconds() - before;
    // What waits in sinks alone may grow to five times as much, unnoticed, as their sources fill.
    if (this.held * 16 < this.options.bytes && this.memory === 'calm') return;
    const pause = Math.max(MEASURE_MS, cost * MEASURE_SHARE);
    this.#measuring ??= setTimeout(() => this.#measureOn(), pause).unref();
  }

  #become(memory: Memory): void {
    if (this.memory === memory) return;
    this.memory = memory;
    this.options.changed?.(memory);
  }

  /** First what is stuck, then what holds most: it ends for a few, and not for all with the process. */
  #evict(): void {
    const { bytes, evicted } = this.options;
    const inOrder = [...this.#tickets].sort((a, b) => Number(b.isStuck) - Number(a.isStuck) || b.held - a.held);
    let left = this.held;
    let count = 0;
    for (const ticket of inOrder) {
      if (left <= bytes) break;
      left -= ticket.held;
      ticket.evict();
      count++;
    }
    evicted?.(count);
  }

  #giveBack(ticket: Ticket): void {
    if (!this.#tickets.delete(ticket)) return;
    const part = this.#scopes.get(ticket.scope)!;
    this.#add(part, -ticket.held);
    if (--part.tunnels === 0) this.#scopes.delete(ticket.scope);
  }

  #add(part: Part, bytes: number): void {
    part.held += bytes;
    this.held += bytes;
  }
}

/** One tunnel's place in the budget. */
export class Ticket {
  held = TUNNEL_BYTES;
  isStuck = false;
  #carried: Carried | undefined;
  #passed = -1;

  constructor(
    readonly scope: string,
    /** When the tunnel is gone, however often. */
    readonly giveBack: () => void,
  ) {}

  carry(carried: Carried): void {
    this.#carried = carried;
  }

  measure(): void {
    if (!this.#carried) return;
    const passed = this.#carried.passed();
    this.isStuck = passed === this.#passed;
    this.#passed = passed;
    this.held = TUNNEL_BYTES + this.#carried.weigh();
  }

  look(): void {
    this.#carried?.look();
  }

  evict(): void {
    this.#carried?.reset();
  }
}

/** Not by the clock: where the machine is busy with others, it runs on while this process waits, and nobody would look for seconds. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const isOverShare = (part: number, whole: number): boolean => part * 4 >= whole * SHARE_QUARTERS;

function memoryOf(held: number, bytes: number): Memory {
  if (held >= bytes) return 'full';
  return held * 2 >= bytes ? 'short' : 'calm';
}
