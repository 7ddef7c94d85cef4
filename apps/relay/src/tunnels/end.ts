import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { breakOff } from '../links/break-off.js';
import { copyCrumbs } from './crumbs.js';
import { endedByReset, isCutOff, resetNow } from './tcp-reset.js';

/** One side of a carried connection, with TCP's two ways to finish told apart: an end, and a reset. */
export interface End {
  readonly stream: Duplex;
  reset(): void;
  /** Asked in the 'end' event: whether what looks like an end was a reset. */
  wasReset(): boolean;
  /** Asked while it is not read: whether it was reset meanwhile. Where a reset is always told, never. */
  isCutOff?(): boolean;
  /** Asked in the 'close' event: whether both directions had come to their end. */
  closedCleanly(): boolean;
}

/**
 * `destroy`, never `close`: `Http2Stream.close(code)` ends the writable side first, so that the peer sees END_STREAM, a clean
 * end, and only then the reset. A truncated transfer would pass for a whole one.
 */
export function tunnelEnd(stream: ClientHttp2Stream | ServerHttp2Stream, reset = (): void => breakOff(stream)): End {
  copyCrumbs(stream);
  return {
    stream,
    reset,
    // The loss of a session also ends its streams; only their code says that it was no END_STREAM.
    wasReset: () => stream.aborted || (stream.rstCode ?? 0) !== 0,
    // Not `writableFinished`: the stream may close, both END_STREAMs exchanged, before Node says that the last write is done.
    closedCleanly: () => stream.readableEnded && stream.writableEnded && !stream.aborted && (stream.rstCode ?? 0) === 0,
  };
}

export const socketEnd = (socket: Socket): End => ({
  stream: socket,
  reset: () => resetNow(socket),
  wasReset: () => socket.errored !== null || endedByReset(socket),
  isCutOff: () => isCutOff(socket),
  closedCleanly: () => isDone(socket),
});

/**
 * An application that speaks TLS over a socket. Programs seldom tell a TLS connection that ended without its closing word from one
 * that is whole: what broke off is shown them as a reset of the socket below.
 */
export const tlsEnd = (secured: TLSSocket, socket: Socket): End => ({
  stream: secured,
  reset: () => resetBelow(secured, socket),
  wasReset: () => secured.errored !== null || socket.errored !== null || endedByReset(socket),
  // The socket below does not know that TLS has ended its writing: after both ends it would pass for one that was cut off.
  isCutOff: () => !secured.writableEnded && isCutOff(socket),
  closedCleanly: () => isDone(secured),
});

/**
 * libuv refuses to reset while a shutdown is on its way, which only TLS knows of; the socket would stay for ever. By then everything
 * has been handed over, so that nothing is cut short by closing.
 */
function resetBelow(secured: TLSSocket, socket: Socket): void {
  const isFinishing = secured.writableEnded && !secured.writableFinished && secured.writableLength === 0;
  if (isFinishing) socket.destroy();
  else resetNow(socket);
  letGo(secured);
}

/**
 * Destroys it once OpenSSL has come back. In the middle of telling that a handshake is over it goes on afterwards with what Node 20 has
 * freed by then, where the socket below is destroyed already: the process ends (SIGSEGV).
 */
export const letGo = (secured: TLSSocket): void => void setImmediate(() => secured.destroy());

/** A Unix socket knows no reset; its other end sees it close. */
export const pipeEnd = (socket: Duplex): End => ({
  stream: socket,
  reset: () => void socket.destroy(),
  wasReset: () => socket.errored !== null,
  closedCleanly: () => isDone(socket),
});

const isDone = ({ readableEnded, writableFinished, errored }: Duplex): boolean =>
  readableEnded && writableFinished && errored === null;
