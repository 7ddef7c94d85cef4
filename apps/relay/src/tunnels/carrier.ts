import { randomBytes } from 'node:crypto';
import type { Connection } from '@caravan/data-plane';
import type { Counters } from '../counters.js';
import type { Timing } from '../limits.js';
import { limits } from '../limits.js';
import type { Line } from '../links/line.js';
import type { PeerLog } from '../log.js';
import { keyOf } from '../routes/route-table.js';
import type { Routes } from '../routes/routes.js';
import type { Budget, Ticket } from './budget.js';
import type { Connections } from './connections.js';
import type { Connectors } from './connectors.js';
import type { Departure } from './departure.js';
import type { End } from './end.js';
import { tunnelEnd } from './end.js';
import { Refusal } from './refusal.js';
import { splice } from './splice.js';
import type { TunnelRequest } from './tunnel-request.js';
import { leadsBack, onwardHeaders } from './tunnel-request.js';
import { openOver } from './way.js';

interface Deps {
  readonly selfId: () => string;
  readonly timing: Timing;
  readonly now: () => number;
  readonly peerLog: PeerLog;
  readonly counters: Counters;
  readonly routes: Routes;
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly budget: Budget;
}

/** Who asks: the line that a stream came in on, or (without) this site itself. */
export interface Caller {
  readonly from: Connection['from'];
  readonly line?: Line;
}

interface Way {
  readonly name: string;
  readonly to: NonNullable<Connection['to']>;
  open(timeoutMs: number): Promise<End>;
}

interface Found {
  readonly end: End;
  readonly to: Way['to'];
}

/** A margin for each relay passed, so that one nearer to the server gives up, and tries another way, first. */
const HOP_MARGIN_MS = 1_000;

/** Finds a way for a connection and opens it. Every connection that is asked for passes here, once per relay. */
export class Carrier {
  constructor(private readonly deps: Deps) {}

  /**
   * Opens the way and joins it to `near`; `agreed` is called before the first byte. `departure` says when the caller has gone.
   * Rejects with `Refusal`.
   */
  async carry(
    caller: Caller,
    request: TunnelRequest,
    departure: Departure,
    near: End,
    agreed?: () => void,
  ): Promise<void> {
    const { budget, connections, counters, now } = this.deps;
    const connection = request.connection ?? randomBytes(12).toString('base64url');
    const record = (to: Connection['to'], outcome: string): void => {
      const { scope, address, hops } = request;
      const at = new Date(now()).toISOString();
      connections.add({ id: connection, scope, address, at, from: caller.from, to, hops: hops.length, outcome });
    };
    let ticket: Ticket | undefined;
    try {
      ticket = budget.take(request.scope);
      const waysNow = (): Way[] => this.#ways(caller, request, connection, departure);
      const { end, to } = await this.#firstWay(waysNow, request, departure);
      if (end.stream.closed) ticket.giveBack();
      else end.stream.once('close', ticket.giveBack);
      counters.add('caravan_relay_tunnels_opened_total');
      record(to, 'carried');
      if (near.stream.destroyed) return end.reset();
      // From here on each ends with the other, also when the caller can no longer be told.
      ticket.carry(splice(near, end, budget));
      agreed?.();
    } catch (error) {
      ticket?.giveBack();
      const refusal = Refusal.from(error);
      this.refused(refusal, { ...request, connection, from: caller.from });
      record(null, refusal.code);
      throw refusal;
    }
  }

  refused({ code, detail }: Refusal, fields: object): void {
    this.deps.counters.add('caravan_relay_tunnels_refused_total', code);
    this.deps.peerLog.warn(code, { ...fields, detail }, 'connection refused');
  }

  /** Looks again after each failure: while a way was tried, links may have come and gone. */
  async #firstWay(waysNow: () => readonly Way[], { hops }: TunnelRequest, departure: Departure): Promise<Found> {
    const { timing, now } = this.deps;
    const until = now() + Math.max(timing.tunnelMs - hops.length * HOP_MARGIN_MS, timing.tunnelMs / 4);
    const tried = new Set<string>();
    let refusal: Refusal | undefined;
    while (tried.size < limits.ways && now() < until && !departure.hasGone) {
      const way = waysNow().find(({ name }) => !tried.has(name));
      if (!way) break;
      tried.add(way.name);
      try {
        return { end: await way.open(until - now()), to: way.to };
      } catch (error) {
        refusal = Refusal.from(error);
      }
    }
    if (departure.hasGone) throw new Refusal('tunnel.abandoned', 'the caller has gone');
    throw refusal ?? new Refusal('tunnel.no-route', 'nobody offers this address');
  }

  /** This site's own servers first, then what the routes say. A stream never goes back to where it came from. */
  #ways({ line: source }: Caller, request: TunnelRequest, connection: string, departure: Departure): Way[] {
    const { connectors, routes, selfId } = this.deps;
    const key = keyOf(request);
    const own = connectors.find(key).map((id): Way => ({
      name: `connector ${id}`,
      to: { kind: 'connector', id, peerChain: [] },
      open: (timeoutMs) => connectors.open(id, timeoutMs, departure),
    }));
    if (source && !source.facet.transit) return own;
    const lines = routes.waysTo(request.scope, request.address, source === undefined);
    const onward = lines
      .filter((line) => !leadsBack(line, request) && (!source || !isSamePeer(line, source)))
      .map((line): Way => ({
        name: `line ${line.number}`,
        to: { kind: 'link', id: line.init.itemId, peerChain: [...line.init.peer.chain] },
        open: async (timeoutMs) => {
          const headers = onwardHeaders(line.facet, selfId(), request, connection);
          const stream = await openOver(line, headers, timeoutMs, departure);
          return tunnelEnd(stream, () => line.reset(stream));
        },
      }));
    return [...own, ...onward];
  }
}

function isSamePeer(a: Line, b: Line): boolean {
  if (a.init.identity !== null && a.init.identity === b.init.identity) return true;
  const isSameLink = a.token !== undefined && a.token === b.token;
  return isSameLink && a.init.itemId === b.init.itemId && a.init.direction === b.init.direction;
}
