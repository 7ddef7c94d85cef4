import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import type { ListenerItem, ListenerTls } from '@caravan/data-plane';
import { PendingHandshakes } from '../admission/pending-handshakes.js';
import { limits } from '../limits.js';
import type { PeerLog } from '../log.js';
import type { ApplicationTls } from './application-tls.js';
import type { End } from './end.js';
import { letGo, tlsEnd } from './end.js';

interface Deps {
  readonly tls: ApplicationTls;
  readonly peerLog: PeerLog;
}

/** Where the TLS of a listener's clients ends: what they say is handed on, once they have proven what they must. */
export class TlsEnding {
  #server: Server | undefined;
  #mark = '';
  readonly #pending: PendingHandshakes;

  constructor(
    private readonly item: ListenerItem,
    private readonly terms: ListenerTls,
    private readonly deps: Deps,
    private readonly handOn: (socket: Socket, end: End) => void,
  ) {
    const most = { count: limits.pendingHandshakes, ms: limits.handshakeMs };
    this.#pending = new PendingHandshakes(most, (code, peer) => this.#refused(`${code}: ${peer}`));
  }

  /** Uses what there is by now. Answers why nobody can be let in; undefined: it can. */
  look(): string | undefined {
    const { terms } = this;
    const { tls } = this.deps;
    const missing = tls.missing({ certificateId: terms.certificateId, trustId: terms.clientTrustId });
    if (missing !== undefined) return this.#forget(missing);
    const mark = tls.markOf(terms);
    if (mark === this.#mark) return undefined;
    try {
      if (this.#server) tls.renew(this.#server, terms);
      else this.#server = this.#watched(tls.server(terms, (socket) => this.#judge(socket)));
    } catch (error) {
      return this.#forget(`TLS cannot be spoken with what is there (${(error as Error).message})`);
    }
    this.#mark = mark;
    return undefined;
  }

  /** A client that has connected, and said nothing yet. */
  take(socket: Socket): void {
    this.#pending.add(socket);
    this.#server?.emit('connection', socket);
  }

  /** No key stays longer than it is given. */
  #forget(why: string): string {
    this.#server = undefined;
    this.#mark = '';
    return why;
  }

  #watched(server: Server): Server {
    return server.on('tlsClientError', (error, socket) => {
      if (!this.#pending.wasGivenUp(error)) this.#refused(error.message);
      socket.destroy();
    });
  }

  #judge(secured: TLSSocket): void {
    const socket = this.#pending.done(secured);
    secured.on('error', () => undefined);
    if (!socket) return letGo(secured); // it has gone meanwhile
    if (this.terms.clientTrustId === undefined || secured.authorized)
      return this.handOn(socket, tlsEnd(secured, socket));
    this.#refused(`its certificate: ${String(secured.authorizationError)}`);
    letGo(secured);
  }

  #refused(detail: string): void {
    const { id, address } = this.item;
    this.deps.peerLog.warn(
      'application.tls',
      { listener: id, address, detail },
      'a client did not come to terms over TLS',
    );
  }
}
