import type { TLSSocket } from 'node:tls';
import { setTransportFactory } from '@nats-io/nats-core/internal';
import type { Transport } from '@nats-io/nats-core/internal';

/**
 * A transport of nats.js that speaks in a stream which is there already, instead of dialling one. (Its own transport for Node
 * can be handed a stream as well, and then misses that stream's end until a timeout: it takes away every listener of the
 * TLS socket, Node's among them.)
 */
class StreamTransport implements Transport {
  readonly lang = 'nats.js';
  readonly version = '3.4.0';
  isClosed = false;
  closeError?: Error;
  private readonly end: Promise<void>;

  constructor(private readonly stream: TLSSocket) {
    this.end = new Promise((resolve) => {
      stream.on('error', (error: Error) => (this.closeError = error));
      stream.on('close', () => {
        this.isClosed = true;
        // Without a reason nats.js would reject with undefined.
        this.closeError ??= new Error('the other end closed the control connection');
        resolve();
      });
    });
  }

  /** The handshake is over: the server's INFO is the first thing that the stream says. */
  async connect(): Promise<void> {}

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    try {
      for await (const chunk of this.stream as AsyncIterable<Uint8Array>) yield chunk;
    } catch {
      // 'error' told the reason already, and nats.js prints what is thrown here to the console.
    }
    this.stream.destroy();
  }

  isEncrypted(): boolean {
    return true;
  }

  send(frame: Uint8Array): void {
    if (!this.isClosed) this.stream.write(frame);
  }

  async close(): Promise<void> {
    this.stream.destroy();
    await this.end;
  }

  /** The server answers pings no more. */
  disconnect(): void {
    this.closeError ??= new Error('the management plane stopped answering');
    this.stream.destroy();
  }

  async closed(): Promise<Error | void> {
    await this.end;
    return this.closeError;
  }

  discard(): void {
    this.stream.destroy();
  }
}

/**
 * The next connection that nats.js makes speaks in `stream`; to be called right before it is made. The factory is one for
 * the whole process and asked once per connection, before any IO: nothing can come in between.
 */
export function speakNextIn(stream: TLSSocket): void {
  const next: Transport[] = [new StreamTransport(stream)];
  setTransportFactory({
    factory: () => {
      const transport = next.pop();
      if (transport) return transport;
      throw new Error('a stream carries one connection, and nats.js asked for another');
    },
  });
}
