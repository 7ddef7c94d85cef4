import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** One side of a carried connection, with TCP's two ways to finish told apart: an end, and a reset. */
export interface End {
  readonly stream: Duplex;
  reset(): void;
  /** Whether what looks like an end was a reset. */
  wasReset(): boolean;
}

/**
 * `destroy`, never `close`: `Http2Stream.close(code)` ends the writable side first, so that the peer sees END_STREAM, a clean
 * end, and only then the reset. A truncated transfer would pass for a whole one.
 */
export const tunnelEnd = (stream: ClientHttp2Stream | ServerHttp2Stream): End => ({
  stream,
  reset: () => void stream.destroy(new Error('reset')),
  // The loss of a session also ends its streams; only their code says that it was no END_STREAM.
  wasReset: () => stream.aborted || (stream.rstCode ?? 0) !== 0,
});

/** `resetAndDestroy` sends RST, which the application sees as ECONNRESET. */
export const socketEnd = (socket: Socket): End => ({
  stream: socket,
  reset: () => void socket.resetAndDestroy(),
  wasReset: () => socket.errored !== null,
});

/** A Unix socket knows no reset; its other end sees it close. */
export const pipeEnd = (socket: Duplex): End => ({
  stream: socket,
  reset: () => void socket.destroy(),
  wasReset: () => socket.errored !== null,
});
