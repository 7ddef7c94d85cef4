import { EventEmitter } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, Http2Session, OutgoingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { AccessKind, Reach } from '@caravan/data-plane';
import type { Peer } from '../admission/peer.js';
import { limits } from '../limits.js';
import type { Direction, Facet, Role } from './facet.js';
import { facetOf } from './facet.js';
import type { PulseDeps } from './pulse.js';
import { Pulse } from './pulse.js';
import { ResetRequests } from './reset-requests.js';
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
  /** The identity an admission judged, by the peer's own certificate or one that is pinned; null at the dialling end, which proved a host. */
  readonly identity: string | null;
  readonly isPinned?: boolean;
  readonly cost: number;
  /** Made by the dialler, the same for the lines of one link; the accepting end hears it in the greeting. */
  readonly token: string | undefined;
}

interface LineEvents {
  greeted: [];
  offersKnown: [];
  suspected: [];
  draining: [];
  /** Draining, and nothing of what it carried is left at this end. Said again until it is closed. */
  done: [];
  /** Given up from here: the other end was silent, or did not keep to what was agreed. */
  lost: [why: 'silent' | 'unruly'];
  closed: [reason: string];
}

/** Ids of streams end at 2^31 - 1 (RFC 9113, 5.1.1): a line makes room for the next one in time. */
const LAST_STREAM = 2 ** 30;

/**
 * A link is one or two lines: TLS connections, each authenticated on its own, each with one HTTP/2 session in which one end
 * calls and the other answers. A line is of use once both ends have greeted; until then the peer may yet refuse it.
 */
export class Line extends EventEmitter<LineEvents> {
  readonly facet: Facet;
  readonly session: Http2Session;
  readonly since: string;
  status: 'greeting' | 'up' | 'draining' | 'closed' = 'greeting';
  /** Nothing was heard for some seconds. */
  suspect = false;
  /** What was offered over it when it came up has been heard at the end that is told; on a line over which nothing is offered, at once. */
  areOffersKnown = false;
  tunnels = 0;
  cost: number;
  token: string | undefined;
  /** The neighbour's site id, on backbone links. */
  site: string | undefined;
  readonly #pulse: Pulse;
  readonly #resets = new ResetRequests(this);
  readonly #greeting: NodeJS.Timeout;
  #reason: string | undefined;

  constructor(
    readonly number: number,
    readonly init: LineInit,
    now: Date,
    deps: PulseDeps,
  ) {
    super();
    this.facet = facetOf(init.direction, init.reach);
    this.since = now.toISOString();
    const { socket, role, reach, cost, token } = init;
    [this.cost, this.token] = [cost, token];
    const streams = reach.kind === 'control' ? limits.tunnelsOfOneClaim : limits.tunnels;
    this.session = startSession(socket, role, streams, deps.sizes);
    this.#pulse = new Pulse(this.session, socket, deps, {
      streams: () => this.tunnels,
      suspect: (isSuspect) => this.#beSuspect(isSuspect),
      lost: (why) => this.#beLost(why),
      tick: () => {
        this.#resets.tick();
        this.#closeIfDone();
      },
    });
    this.#greeting = setTimeout(() => this.drop('no greeting'), deps.timing.dialMs).unref();
    socket.on('error', ({ message }: Error) => (this.#reason ??= message));
    this.session.on('error', ({ message }: Error) => (this.#reason ??= message));
    this.session.on('goaway', () => this.drain());
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

  knowOffers(): void {
    if (this.areOffersKnown || this.status !== 'up') return;
    this.areOffersKnown = true;
    this.emit('offersKnown');
  }

  /** Calls `then` when the other end has got all that was written before: frames are taken in their order (RFC 9113, 6.7). */
  afterRoundTrip(then: () => void): void {
    if (this.status !== 'up' || this.session.destroyed) return;
    this.session.ping((error) => {
      if (!error) then();
    });
  }

  /** Opens a stream at a line that calls. Throws when the session is over. */
  request(headers: OutgoingHttpHeaders, options: { endStream: boolean }): ClientHttp2Stream {
    const stream = (this.session as ClientHttp2Session).request(headers, options);
    stream.on('error', () => undefined);
    if (stream.id !== undefined && stream.id > LAST_STREAM) this.drain();
    return stream;
  }

  /** Breaks off a stream that was opened with `request`, so that whoever is behind it sees a reset. */
  reset(stream: ClientHttp2Stream): void {
    this.#resets.ask(stream);
  }

  /** Memory has become short, or is no longer. */
  followMemory(): void {
    this.#pulse.window.follow();
  }

  /**
   * Nothing new; what is carried may finish, then it closes. That may take days: what bounds it is the certificate, since a line ends
   * when its peer's does. The other end hears it as the end of what is offered, and does the same. The session stays open (a GOAWAY
   * comes last): Node sends no PING on one that is closing, so a connection that says nothing would pass for a lost line. It is for the
   * end that calls to close it, once both are done: what one has sent the other may still have to pass on, to somebody who reads slowly.
   */
  drain(): void {
    if (this.status === 'draining' || this.status === 'closed') return;
    this.status = 'draining';
    this.emit('draining');
    this.#closeIfDone();
  }

  /** Ends it and all it carries, at once. */
  drop(reason: string): void {
    this.#reason ??= reason;
    this.session.destroy();
    this.init.socket.destroy();
    // Not for the session to say: whoever calls must find the line closed.
    this.#beClosed();
  }

  get isDone(): boolean {
    return this.status === 'draining' && this.tunnels === 0;
  }

  #closeIfDone(): void {
    if (!this.isDone) return;
    this.emit('done');
    if (this.init.role === 'answers') return;
    this.#resets.end(() => {
      if (!this.session.closed) this.session.close();
    });
  }

  #beClosed(): void {
    if (this.status === 'closed') return;
    this.status = 'closed';
    this.#pulse.stop();
    clearTimeout(this.#greeting);
    this.init.socket.destroy();
    this.emit('closed', this.#reason ?? 'closed by the other end');
  }

  #beSuspect(isSuspect: boolean): void {
    if (isSuspect && !this.suspect) this.emit('suspected');
    this.suspect = isSuspect;
  }

  #beLost(why: 'silent' | 'unruly'): void {
    this.emit('lost', why);
    this.drop(why === 'silent' ? 'no sign of life' : 'the other end does not confirm its window');
  }
}
