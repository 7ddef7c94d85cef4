import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { breakOff } from './break-off.js';

/** The request in whose body the end that calls names the streams that it wants broken off: one id a line. */
export const RESETS_PATH = '/resets';

/** An end that has not done it by then is not waited for. */
const PATIENCE_TICKS = 5;

/**
 * How the end that calls breaks off streams: it asks the other end to. The end that answers may send as many RST_STREAM as it
 * likes; of the end that calls, nghttp2 takes 1,000 and then 33 a second before it ends the session and all it carries (its guard
 * against CVE-2023-44487, which Node 20 does not let us set). Connections are reset more often than that: by clients, by
 * a service that is down, by a site that is lost with all its connections.
 */
export class ResetRequests {
  #request: ClientHttp2Stream | undefined;
  #isRefused = false;
  #isEnding = false;
  /** Streams that the other end was asked to break off, and the ticks since. */
  readonly #asked = new Map<ClientHttp2Stream, number>();

  constructor(private readonly line: { readonly session: object }) {}

  ask(stream: ClientHttp2Stream): void {
    if (stream.destroyed || this.#asked.has(stream)) return;
    const request = stream.id === undefined || this.#isRefused ? undefined : this.#open();
    if (!request) return breakOff(stream);
    // What still comes is of no use to anybody, and must not be held.
    stream.removeAllListeners('data').resume();
    this.#asked.set(stream, 0);
    stream.once('close', () => this.#asked.delete(stream));
    request.write(`${stream.id}\n`);
  }

  tick(): void {
    for (const [stream, ticks] of this.#asked) {
      if (ticks >= PATIENCE_TICKS) breakOff(stream);
      else this.#asked.set(stream, ticks + 1);
    }
  }

  /** Nothing is left here to break off. Calls `then` when the other end says that nothing is left there either, or knows no such request. */
  end(then: () => void): void {
    if (this.#isEnding) return;
    const request = this.#isRefused ? undefined : this.#open();
    if (!request) return then();
    this.#isEnding = true;
    request.once('close', then).end();
  }

  #open(): ClientHttp2Stream | undefined {
    if (this.#request && !this.#request.destroyed) return this.#request.writable ? this.#request : undefined;
    const session = this.line.session as ClientHttp2Session;
    if (session.closed || session.destroyed) return undefined;
    const request = session.request({ ':method': 'POST', ':path': RESETS_PATH }, { endStream: false });
    request.on('error', () => undefined);
    request.once('response', ({ ':status': status }) => (this.#isRefused ||= status !== 200));
    request.once('close', () => {
      for (const stream of this.#asked.keys()) breakOff(stream);
    });
    request.resume();
    return (this.#request = request);
  }
}
