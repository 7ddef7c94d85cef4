import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';

/**
 * Ends a stream with an error, so that the other end hears a reset. Without one Node sends NO_ERROR, and an end that is writing to it at that
 * moment keeps it open for ever (Node 20: half of 3,000).
 *
 * But not while Node itself is closing it. Node says 'aborted' in the middle of that (lib/internal/http2/core.js, closeStream), before
 * nghttp2 is told: a stream that is destroyed there is gone for Node and open for nghttp2, which asks it for data, gets neither any nor
 * an end, and writes empty frames for ever. That is the process's end. It takes no more than a peer that vanishes in the middle of what
 * it is being sent.
 */
export function breakOff(stream: ClientHttp2Stream | ServerHttp2Stream, why = 'reset'): void {
  const end = (): void => void stream.destroy(new Error(why));
  if (stream.closed) process.nextTick(end);
  else end();
}
