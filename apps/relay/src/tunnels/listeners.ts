import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ItemState, ListenerItem } from '@caravan/data-plane';
import { changesBetween } from '../configuration/changes.js';
import type { Timing } from '../limits.js';
import { Rebinding } from '../ports/rebinding.js';
import { fitsScope, networkScope } from '../routes/scope.js';
import type { PeerLog } from '../log.js';
import type { ApplicationTls } from './application-tls.js';
import type { Carrier } from './carrier.js';
import { Departure } from './departure.js';
import type { End } from './end.js';
import { socketEnd } from './end.js';
import { TlsEnding } from './tls-ending.js';

interface Deps {
  readonly timing: Timing;
  readonly carrier: Carrier;
  readonly tls: ApplicationTls;
  readonly peerLog: PeerLog;
  readonly changed: () => void;
}

/** The local ports of this site. Each exists exactly as long as its item; what came in through it goes with it. */
export class Listeners {
  readonly #listeners = new Map<string, Listener>();
  #refused: Record<string, ItemState> = {};

  constructor(private readonly deps: Deps) {}

  apply(items: readonly ListenerItem[]): void {
    const fits = ({ networkId, address }: ListenerItem): boolean => fitsScope(networkScope(networkId), address);
    const usable = items.filter(fits);
    const refused = items.filter((item) => !fits(item));
    this.#refused = Object.fromEntries(refused.map(({ id }) => [`listener/${id}`, RESERVED]));
    const { added, changed, kept, removed } = changesBetween(
      [...this.#listeners.values()].map(({ item }) => item),
      usable,
    );
    // All that goes before all that comes: a port may pass from one item to another.
    for (const { id } of [...removed, ...changed.map(({ before }) => before)]) {
      this.#listeners.get(id)!.close();
      this.#listeners.delete(id);
    }
    for (const item of [...added, ...changed.map(({ after }) => after)]) {
      this.#listeners.set(item.id, new Listener(item, this.deps));
    }
    for (const { id } of kept) this.#listeners.get(id)!.look();
  }

  states(): Record<string, ItemState> {
    const states = [...this.#listeners].map(([id, { state }]): [string, ItemState] => [`listener/${id}`, state]);
    return { ...Object.fromEntries(states), ...this.#refused };
  }

  close(): void {
    for (const listener of this.#listeners.values()) listener.close();
    this.#listeners.clear();
  }
}

const RESERVED: ItemState = { state: 'refused', detail: 'caravan.control is reserved: no listener leads to it' };

class Listener {
  state: ItemState = { state: 'waiting', detail: 'starting to listen' };
  /** Each with how it is reset. */
  readonly #clients = new Map<Socket, End>();
  #server: Server | undefined;
  #ending: TlsEnding | undefined;
  readonly #rebinding: Rebinding;

  constructor(
    readonly item: ListenerItem,
    private readonly deps: Deps,
  ) {
    this.#rebinding = new Rebinding(deps.timing.rebind, () => this.#listen());
    if (item.tls) this.#ending = new TlsEnding(item, item.tls, deps, (socket, end) => void this.#carry(socket, end));
    this.look();
  }

  close(): void {
    this.#stopListening();
    for (const end of this.#clients.values()) end.reset();
  }

  /** What TLS is ended with may have come, gone or been replaced. */
  look(): void {
    const missing = this.#ending?.look();
    if (missing === undefined) {
      if (!this.#server) this.#listen();
      return;
    }
    this.#stopListening();
    this.#become({ state: 'waiting', detail: `${missing}: nobody is let in before it is` });
  }

  #stopListening(): void {
    this.#rebinding.stop();
    this.#server?.close();
    this.#server = undefined;
  }

  #listen(): void {
    const { host, port } = this.item;
    const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true });
    this.#server = server;
    server.on('connection', (socket) => this.#take(socket));
    server.on('error', ({ message }) => {
      if (this.#server !== server) return;
      server.close(); // it may be listening, and short of descriptors
      const detail = `cannot listen on ${host}:${port}: ${message}. Free that port, or give the listener another.`;
      this.#become({ state: 'failed', detail: detail.slice(0, 1024) });
      this.#rebinding.failed();
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      this.#rebinding.bound();
      this.#become({ state: 'applied', port });
    });
  }

  #become(state: ItemState): void {
    this.state = state;
    this.deps.changed();
  }

  #take(socket: Socket): void {
    const end = socketEnd(socket);
    this.#clients.set(socket, end);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#clients.delete(socket));
    if (this.#ending) this.#ending.take(socket);
    else void this.#carry(socket, end);
  }

  async #carry(socket: Socket, end: End): Promise<void> {
    const departure = new Departure();
    if (this.#clients.has(socket)) this.#clients.set(socket, end);
    socket.once('close', () => departure.leave());
    const { id, networkId, address } = this.item;
    const from = { kind: 'listener', id, peerIdentity: null } as const;
    try {
      const request = { scope: networkScope(networkId), address, connection: undefined, hops: [] };
      await this.deps.carrier.carry({ from }, request, departure, end);
    } catch {
      // The carrier has logged why. To the application it is a refused connection.
      end.reset();
    }
  }
}
