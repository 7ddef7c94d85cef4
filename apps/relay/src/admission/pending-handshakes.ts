import type { Socket } from 'node:net';

type GivenUp = 'handshake.too-many' | 'handshake.too-slow';

/**
 * Those who have connected and not yet proved who they are. So many at a time, and then the oldest gives way: whoever says nothing
 * keeps nobody else out. So long for a whole handshake: TLS's own time limit begins anew with every byte, and destroys nothing.
 */
export class PendingHandshakes {
  /** In the order in which they came. One that was reset before it was looked at has no peer any more: they are told apart by themselves. */
  readonly #pending = new Map<Socket, { readonly peer: string; readonly timer: NodeJS.Timeout }>();
  readonly #byPeer = new Map<string, Socket>();
  /** Of those that were given up, whose failure TLS has not reported yet. */
  #unreported = 0;

  constructor(
    private readonly most: { readonly count: number; readonly ms: number },
    private readonly gaveUp: (code: GivenUp, peer: string) => void,
  ) {}

  add(socket: Socket): void {
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined && this.#pending.size >= this.most.count) this.#giveUp(oldest, 'handshake.too-many');
    const peer = peerOf(socket);
    const timer = setTimeout(() => this.#giveUp(socket, 'handshake.too-slow'), this.most.ms);
    this.#pending.set(socket, { peer, timer });
    this.#byPeer.set(peer, socket);
    socket.once('close', () => this.#forget(socket));
  }

  /** Its handshake is through. A TLS socket does not tell which TCP socket it is, but where its peer is. Undefined: that has gone. */
  done(tls: Socket): Socket | undefined {
    const socket = tls.remoteAddress === undefined ? undefined : this.#byPeer.get(peerOf(tls));
    if (socket) this.#forget(socket);
    return socket;
  }

  /** Whether a failure that TLS reports is one that was counted when it was given up. */
  wasGivenUp({ code }: NodeJS.ErrnoException): boolean {
    if (code !== 'ECONNRESET' || this.#unreported === 0) return false;
    this.#unreported--;
    return true;
  }

  close(): void {
    for (const socket of [...this.#pending.keys()]) {
      this.#forget(socket);
      socket.destroy();
    }
  }

  #giveUp(socket: Socket, code: GivenUp): void {
    const peer = this.#forget(socket);
    // One that has ended by itself, and has not said so yet, is reported as it failed.
    if (peer === undefined || socket.destroyed) return;
    this.#unreported++;
    socket.destroy();
    this.gaveUp(code, peer);
  }

  /** Answers where its peer is; undefined when it was not pending any more. */
  #forget(socket: Socket): string | undefined {
    const known = this.#pending.get(socket);
    if (!known) return undefined;
    clearTimeout(known.timer);
    this.#pending.delete(socket);
    if (this.#byPeer.get(known.peer) === socket) this.#byPeer.delete(known.peer);
    return known.peer;
  }
}

/** One port of a peer may lead to several addresses of ours. */
const peerOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} at ${localAddress} ${localPort}`;
