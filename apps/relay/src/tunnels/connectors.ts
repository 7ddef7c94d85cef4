import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { ConnectorItem, ConnectorTls, ItemState } from '@caravan/data-plane';
import { changesBetween } from '../configuration/changes.js';
import type { Timing } from '../limits.js';
import type { Key } from '../routes/route-table.js';
import { keyOf } from '../routes/route-table.js';
import { fitsScope, scopeOf } from '../routes/scope.js';
import type { ApplicationTls } from './application-tls.js';
import type { Departure } from './departure.js';
import type { End } from './end.js';
import { socketEnd, tlsEnd } from './end.js';
import { Refusal } from './refusal.js';

interface Connector {
  readonly item: ConnectorItem;
  readonly key: Key;
  /** Connections to its server, each with how it is reset. */
  readonly sockets: Map<Socket, End>;
  /** The last failure since it last worked; for the site's operator. */
  problem: string | undefined;
}

/** The servers of this site that answer for an address. */
export class Connectors {
  readonly #connectors = new Map<string, Connector>();
  #refused: Record<string, ItemState> = {};

  constructor(
    private readonly deps: { readonly timing: Timing; readonly tls: ApplicationTls; readonly changed: () => void },
  ) {}

  /** Answers the addresses whose connectors came or went. What a removed connector carried is reset. */
  apply(items: readonly ConnectorItem[]): Key[] {
    const fits = ({ networkId, address }: ConnectorItem): boolean => fitsScope(scopeOf(networkId), address);
    const usable = items.filter(fits);
    const refused = items.filter((item) => !fits(item));
    this.#refused = Object.fromEntries(refused.map(({ id }) => [`connector/${id}`, OUT_OF_SCOPE]));
    const { added, changed, removed } = changesBetween(
      [...this.#connectors.values()].map(({ item }) => item),
      usable,
    );
    const gone = [...removed, ...changed.map(({ before }) => before)];
    const come = [...added, ...changed.map(({ after }) => after)];
    for (const { id } of gone) {
      for (const end of this.#connectors.get(id)!.sockets.values()) end.reset();
      this.#connectors.delete(id);
    }
    for (const item of come) {
      this.#connectors.set(item.id, { item, key: keyOfItem(item), sockets: new Map(), problem: undefined });
    }
    return [...gone, ...come].map(keyOfItem);
  }

  /** Those for one address, the least busy first. */
  find(key: Key): string[] {
    const found = [...this.#connectors.values()].filter((connector) => connector.key === key);
    return found.sort((a, b) => a.sockets.size - b.sockets.size).map(({ item }) => item.id);
  }

  keys(): Key[] {
    return [...this.#connectors.values()].map(({ key }) => key);
  }

  /** Connects to the server of a connector. Rejects with `Refusal`. */
  open(id: string, timeoutMs: number, caller: Departure): Promise<End> {
    const connector = this.#connectors.get(id);
    if (!connector) return Promise.reject(new Refusal('tunnel.no-route', `the connector ${id} was removed`));
    const { host, port, tls } = connector.item;
    const missing = tls && this.deps.tls.missing(tls);
    if (missing !== undefined) {
      return Promise.reject(new Refusal('tunnel.unreachable', `${host}:${port}: ${missing}`));
    }
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, keepAlive: true });
    connector.sockets.set(socket, socketEnd(socket));
    socket.once('close', () => connector.sockets.delete(socket));
    return new Promise((resolve, reject) => {
      const settle = (end: End | Refusal): void => {
        clearTimeout(timer);
        stay();
        if (!(end instanceof Refusal)) return resolve(end);
        socket.destroy();
        reject(end);
      };
      const unreachable = (message: string): void => {
        this.#report(connector, `${host}:${port}: ${message}`);
        settle(new Refusal('tunnel.unreachable', `${host}:${port}: ${message}`));
      };
      const wait = Math.min(timeoutMs, this.deps.timing.connectMs);
      const timer = setTimeout(() => unreachable(`no answer in ${wait} ms`), wait);
      const stay = caller.onLeave(() => settle(new Refusal('tunnel.abandoned', 'the caller has gone')));
      const failed = ({ message }: Error): void => unreachable(message);
      socket.once('error', failed);
      // The connector was removed meanwhile: a destroyed socket tells no error.
      const cut = (): void => settle(new Refusal('tunnel.no-route', `the connector ${id} was removed`));
      socket.once('close', cut);
      const open = (end: End): void => {
        socket.off('error', failed).off('close', cut);
        socket.on('error', () => undefined);
        connector.sockets.set(socket, end);
        this.#report(connector, undefined);
        settle(end);
      };
      socket.once('connect', () => (tls ? this.#secure(socket, tls, open, failed) : open(socketEnd(socket))));
    });
  }

  #secure(socket: Socket, tls: ConnectorTls, open: (end: End) => void, failed: (error: Error) => void): void {
    try {
      const secured = this.deps.tls.begin(socket, tls);
      secured.once('error', failed);
      secured.once('secureConnect', () => {
        secured.off('error', failed).on('error', () => undefined);
        open(tlsEnd(secured, socket));
      });
    } catch (error) {
      failed(error as Error);
    }
  }

  states(): Record<string, ItemState> {
    const states = [...this.#connectors.values()].map(({ item, problem }): [string, ItemState] => {
      const missing = item.tls && this.deps.tls.missing(item.tls);
      if (missing !== undefined) return [`connector/${item.id}`, { state: 'waiting', detail: missing }];
      const detail = problem?.slice(0, 1024);
      return [`connector/${item.id}`, { state: 'applied', ...(detail !== undefined && { detail }) }];
    });
    return { ...Object.fromEntries(states), ...this.#refused };
  }

  #report(connector: Connector, problem: string | undefined): void {
    if (connector.problem === problem) return;
    connector.problem = problem;
    this.deps.changed();
  }
}

const OUT_OF_SCOPE: ItemState = {
  state: 'refused',
  detail:
    'caravan.control is reserved for the management plane: it belongs to no network, and nothing else is outside one',
};

const keyOfItem = ({ networkId, address }: ConnectorItem): Key => keyOf({ scope: scopeOf(networkId), address });
