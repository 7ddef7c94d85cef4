import type { TLSSocket } from 'node:tls';
import type { Signs } from './liveness.js';

interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
  readStart(): void;
  readStop(): void;
  /** Of a TLS connection: the TCP connection below it. */
  readonly _parent?: Handle | null;
}

/** A TLS connection as the operating system sees it: what Node knows and does not tell. */
export class Wire {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  signs(): Signs {
    const below = this.#handle?._parent ?? this.#handle;
    const waiting = below?.writeQueueSize ?? 0;
    return { heard: this.#socket.bytesRead, taken: (below?.bytesWritten ?? 0) - waiting, waiting };
  }

  /** Bytes of the write under way; Node reads nothing for a session while there are any. */
  get pending(): number {
    return this.#handle?.writeQueueSize ?? 0;
  }

  /** Reads what has arrived, once, although a write is pending. */
  readOnce(): void {
    this.#handle?.readStart();
    // The next turn's reads are done by then. A session whose write has ended meanwhile reads by itself again; leave it.
    setImmediate(() => {
      if (this.pending > 0) this.#handle?.readStop();
    });
  }

  get #handle(): Handle | null | undefined {
    return (this.#socket as unknown as { readonly _handle?: Handle | null })._handle;
  }
}
