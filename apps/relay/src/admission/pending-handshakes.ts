import type { Socket } from 'node:net';

type GivenUp = 'handshake.too-many' | 'handshake.too-slow';

/**
 * Those who have connected and not yet proved who they are. So many at a time, and then the oldest gives way: whoever says nothing
 * keeps nobody else out. So long for a whole handshake: TLS's own time limit begins anew with every byte, and destroys nothing.
 */
export class PendingHandshakes {
  readonly #pending = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>();
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
    const timer = setTimeout(() => this.#giveUp(peer, 'handshake.too-slow'), this.most.ms);
    this.#pending.set(peer, { socket, timer });
    socket.once('close', () => {
      if (this.#pending.get(peer)?.socket === socket) this.#forget(peer);
    });
  }

  /** Its handshake is through. A TLS socket does not tell which TCP socket it is, but where its peer is. */
  done(socket: Socket): void {
    this.#forget(peerOf(socket));
  }

  /** Whether a failure that TLS reports is one that was counted when it was given up. */
  wasGivenUp({ code }: NodeJS.ErrnoException): boolean {
    if (code !== 'ECONNRESET' || this.#unreported === 0) return false;
    this.#unreported--;
    return true;
  }

  close(): void {
    for (const [peer, { socket }] of this.#pending) {
      this.#forget(peer);
      socket.destroy();
    }
  }

  #giveUp(peer: string, code: GivenUp): void {
    const socket = this.#pending.get(peer)?.socket;
    this.#forget(peer);
    this.#unreported++;
    socket?.destroy();
    this.gaveUp(code, peer);
  }

  #forget(peer: string): void {
    clearTimeout(this.#pending.get(peer)?.timer);
    this.#pending.delete(peer);
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
