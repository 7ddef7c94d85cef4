import { CONTROL_ADDRESS } from '@caravan/data-plane';
import type { Counters } from '../counters.js';
import { limits } from '../limits.js';
import type { Line } from '../links/line.js';
import type { Lines } from '../links/lines.js';
import type { Offer, OffersLine } from './offer.js';
import { heardOffer, ownScope } from './offer.js';
import type { Key, Route } from './route-table.js';
import { inOrder, keyOf, RouteTable } from './route-table.js';
import type { Scope } from './scope.js';
import { CONTROL_SCOPE } from './scope.js';

interface Deps {
  readonly selfId: () => string;
  readonly lines: Lines;
  readonly counters: Counters;
  /** Addresses that this site's own connectors answer for. */
  readonly own: { keys(): Iterable<Key>; find(key: Key): readonly string[] };
}

/** What is reachable where: heard from the neighbours, and told to them. */
export class Routes {
  readonly #table = new RouteTable();
  readonly #listeners = new Set<(keys: readonly Key[]) => void>();

  constructor(private readonly deps: Deps) {}

  /** Takes what a neighbour said on a line. */
  hear(line: Line, { set, gone }: OffersLine): void {
    const scope = ownScope(line.init.reach);
    const changed: Key[] = [];
    for (const said of set) {
      const offer = heardOffer(line.facet, scope, this.deps.selfId(), said);
      const key = keyOf(offer ?? said);
      // What no longer counts, because its path now leads through here, is as good as gone.
      if (!offer) this.#table.withdraw(line.number, key);
      else if (this.#isTooMany(line, key)) this.deps.counters.add('caravan_relay_offers_ignored_total', 'too-many');
      else this.#table.offer(line.number, line.cost, offer);
      changed.push(key);
    }
    for (const said of gone) {
      const key = keyOf({ ...said, scope: scope ?? said.scope });
      this.#table.withdraw(line.number, key);
      changed.push(key);
    }
    this.announce(changed);
  }

  /** A line that is gone, or about to, offers nothing any more. */
  forget(line: Line): void {
    this.announce(this.#table.drop(line.number));
  }

  /** Lines to try for an address, best first. `upward`: also those that lead on without an offer. */
  waysTo(scope: Scope, address: string, upward: boolean): Line[] {
    const { lines } = this.deps;
    const routes = this.#table.routes(keyOf({ scope, address }));
    if (upward)
      routes.push(
        ...lines
          .all()
          .filter((line) => leadsUp(line, scope))
          .map(upwardRoute),
      );
    const ordered = inOrder(routes, (number) => lines.get(number) ?? { suspect: true, tunnels: 0 });
    return ordered.flatMap(({ line }) => lines.get(line) ?? []).filter(({ status }) => status === 'up');
  }

  /** What this site offers over a line that answers. */
  offerTo(line: Line, key: Key): Offer | undefined {
    const [scope, address] = key.split(' ') as [Scope, string];
    const own = this.deps.own.find(key).length > 0;
    switch (line.facet.offers) {
      case 'nothing':
        return undefined;
      case 'control':
        return own && address === CONTROL_ADDRESS ? { scope, address, cost: 0, path: [] } : undefined;
      case 'network':
        return own && scope === ownScope(line.init.reach) ? { scope, address, cost: 0, path: [] } : undefined;
      case 'backbone': {
        const selfId = this.deps.selfId();
        if (own) return { scope, address, cost: 0, path: [selfId] };
        const route = this.#table.bestFor(key, line.site);
        if (!route || route.path.length >= limits.hops - 1) return undefined;
        return { scope, address, cost: Math.min(route.cost, 1_000_000_000), path: [selfId, ...route.path] };
      }
    }
  }

  keys(): Set<Key> {
    return new Set([...this.deps.own.keys(), ...this.#table.keys()]);
  }

  /** Hears which addresses may be offered differently from now on; answers how to stop. */
  watch(listener: (keys: readonly Key[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  announce(keys: readonly Key[]): void {
    if (keys.length === 0) return;
    for (const listener of this.#listeners) listener(keys);
  }

  #isTooMany({ number, facet }: Line, key: Key): boolean {
    const most = facet.hears === 'nothing' ? 0 : limits.offers[facet.hears];
    return this.#table.sizeOf(number) >= most && !this.#table.has(number, key);
  }
}

function leadsUp(line: Line, scope: Scope): boolean {
  if (line.init.role !== 'calls') return false;
  if (scope === CONTROL_SCOPE) return line.facet.upward !== 'nothing';
  return line.facet.upward === 'network' && scope === ownScope(line.init.reach);
}

/** Who is behind an upward line is not known here; that somebody is counts as one step. */
const upwardRoute = ({ number, cost }: Line): Route => ({ line: number, cost, path: ['-'] });
