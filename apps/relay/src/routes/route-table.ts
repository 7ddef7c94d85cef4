import type { Offer, RouteKey } from './offer.js';

/** A way to an address over one line. `path` empty: the server is at the site that this line leads to. */
export interface Route {
  readonly line: number;
  readonly cost: number;
  readonly path: readonly string[];
}

export type Key = `${string} ${string}`;
export const keyOf = ({ scope, address }: RouteKey): Key => `${scope} ${address}`;

/** What the relay's neighbours offer, by address. Lines come and go with everything they offered. */
export class RouteTable {
  readonly #routes = new Map<Key, Map<number, Route>>();
  readonly #keysOf = new Map<number, Set<Key>>();

  offer(line: number, lineCost: number, offer: Offer): Key {
    const key = keyOf(offer);
    const ways = this.#routes.get(key) ?? new Map<number, Route>();
    this.#routes.set(key, ways.set(line, { line, cost: offer.cost + lineCost, path: offer.path }));
    this.#keysOf.set(line, (this.#keysOf.get(line) ?? new Set()).add(key));
    return key;
  }

  withdraw(line: number, key: Key): void {
    this.#keysOf.get(line)?.delete(key);
    const ways = this.#routes.get(key);
    ways?.delete(line);
    if (ways?.size === 0) this.#routes.delete(key);
  }

  /** Forgets a line; answers which addresses that concerns. */
  drop(line: number): Key[] {
    const keys = [...(this.#keysOf.get(line) ?? [])];
    for (const key of keys) this.withdraw(line, key);
    this.#keysOf.delete(line);
    return keys;
  }

  /** Nearest first: a site at the end of a line of ours before one behind other relays, then by cost. */
  routes(key: Key): Route[] {
    return [...(this.#routes.get(key)?.values() ?? [])].sort(nearestFirst);
  }

  /** The best route for a neighbour: one that does not lead back through it. */
  bestFor(key: Key, neighbour: string | undefined): Route | undefined {
    return this.routes(key).find(({ path }) => neighbour === undefined || !path.includes(neighbour));
  }

  keys(): Iterable<Key> {
    return this.#routes.keys();
  }

  sizeOf(line: number): number {
    return this.#keysOf.get(line)?.size ?? 0;
  }

  has(line: number, key: Key): boolean {
    return this.#routes.get(key)?.has(line) ?? false;
  }
}

const distance = ({ path }: Route): number => (path.length === 0 ? 0 : 1);

export const nearestFirst = (a: Route, b: Route): number => distance(a) - distance(b) || a.cost - b.cost;

/** Load of a line, where two ways are equally near. A suspect line is the last resort, however near. */
export interface Load {
  readonly suspect: boolean;
  readonly tunnels: number;
}

/** The order in which ways are tried. */
export function inOrder(routes: readonly Route[], loadOf: (line: number) => Load): Route[] {
  const suspicion = (route: Route): number => Number(loadOf(route.line).suspect);
  const tunnels = (route: Route): number => loadOf(route.line).tunnels;
  return routes.toSorted((a, b) => suspicion(a) - suspicion(b) || nearestFirst(a, b) || tunnels(a) - tunnels(b));
}
