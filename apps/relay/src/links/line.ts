import { EventEmitter } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, Http2Session, OutgoingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { AccessKind, Reach } from '@caravan/data-plane';
import type { Peer } from '../admission/peer.js';
import type { Timing } from '../limits.js';
import { limits } from '../limits.js';
import type { Direction, Facet, Role } from './facet.js';
import { facetOf } from './facet.js';
import { Liveness } from './liveness.js';
import { startSession } from './session.js';

export interface LineInit {
  readonly socket: TLSSocket;
  readonly role: Role;
  readonly direction: Direction;
  readonly access: AccessKind;
  /** The link item that was dialled, or the access point that accepted. */
  readonly itemId: string;
  readonly serverName: string;
  readonly reach: Reach;
  readonly peer: Peer;
  /** The identity an admission judged; null at the dialling end, which proved a host. */
  readonly identity: string | null;
  readonly cost: number;
  /** Made by the dialler, the same for the lines of one link; the accepting end hears it in the greeting. */
  readonly token: string | undefined;
}

interface LineEvents {
  greeted: [];
  draining: [];
  closed: [reason: string];
}

/**
 * A link is one or two lines: TLS connections, each authenticated on its own, each with one HTTP/2 session in which one end
 * calls and the other answers. A line is of use once both ends have greeted; until then the peer may yet refuse it.
 */
export class Line extends EventEmitter<LineEvents> {
  readonly facet: Facet;
  readonly session: Http2Session;
  readonly since: string;
  status: 'greeting' | 'up' | 'draining' | 'closed' = 'greeting';
  /** The PING before last is unanswered. */
  suspect = false;
  tunnels = 0;
  cost: number;
  token: string | undefined;
  /** The neighbour's site id, on backbone links. */
  site: string | undefined;
  readonly #liveness: Liveness;
  readonly #greeting: NodeJS.Timeout;
  #reason: string | undefined;

  constructor(
    readonly number: number,
    readonly init: LineInit,
    now: Date,
    timing: Timing,
  ) {
    super();
    this.facet = facetOf(init.direction, init.reach);
    this.since = now.toISOString();
    this.cost = init.cost;
    this.token = init.token;
    const { socket, role, reach } = init;
    this.session = startSession(socket, role, reach.kind === 'control' ? limits.tunnelsOfOneClaim : limits.tunnels);
    this.#liveness = new Liveness(timing.ping, {
      heard: () => this.bytesIn,
      ping: () => this.#ping(),
      suspect: (isSuspect) => (this.suspect = isSuspect),
      dead: () => this.drop('no sign of life'),
    });
    this.#greeting = setTimeout(() => this.drop('no greeting'), timing.dialMs).unref();
    socket.on('error', ({ message }: Error) => (this.#reason ??= message));
    this.session.on('error', ({ message }: Error) => (this.#reason ??= message));
    this.session.on('goaway', () => this.#beDraining());
    this.session.once('close', () => this.#beClosed());
  }

  get bytesIn(): number {
    return this.init.socket.bytesRead;
  }

  get bytesOut(): number {
    return this.init.socket.bytesWritten;
  }

  /** Both ends know each other: from now on it carries. */
  greet(): void {
    if (this.status !== 'greeting') return;
    this.status = 'up';
    clearTimeout(this.#greeting);
    this.emit('greeted');
  }

  /** Opens a stream at a line that calls. Throws when the session is over. */
  request(headers: OutgoingHttpHeaders, options: { endStream: boolean }): ClientHttp2Stream {
    const stream = (this.session as ClientHttp2Session).request(headers, options);
    stream.on('error', () => undefined);
    return stream;
  }

  /** Nothing new; what is carried may finish, then the session closes by itself (RFC 9113, 6.8). */
  drain(): void {
    this.#beDraining();
    if (!this.session.closed) this.session.close();
  }

  /** Ends it and all it carries, at once. */
  drop(reason: string): void {
    this.#reason ??= reason;
    this.session.destroy();
    this.init.socket.destroy();
    // Not for the session to say: whoever calls must find the line closed.
    this.#beClosed();
  }

  #beDraining(): void {
    if (this.status === 'draining' || this.status === 'closed') return;
    this.status = 'draining';
    this.emit('draining');
  }

  #beClosed(): void {
    if (this.status === 'closed') return;
    this.status = 'closed';
    this.#liveness.stop();
    clearTimeout(this.#greeting);
    this.init.socket.destroy();
    this.emit('closed', this.#reason ?? 'closed by the other end');
  }

  #ping(): void {
    if (!this.session.destroyed) this.session.ping(() => undefined);
  }
}
