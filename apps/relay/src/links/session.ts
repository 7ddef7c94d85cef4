import type { Http2Session, ServerOptions, SessionOptions } from 'node:http2';
import { connect, performServerHandshake } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { limits } from '../limits.js';
import type { Role } from './facet.js';

/**
 * The connection window bounds what a link holds of bulk data, hence how long a small request waits behind it. From 1 MiB up,
 * two-way bulk can stall a session for good: Node stops reading while a write is pending, and both ends may then wait. There is
 * no setting for it: each receiver must ask, on every session.
 */
const CONNECTION_WINDOW = 256 * 1024;
const STREAM_WINDOW = 1024 * 1024;

const options = (streams: number): SessionOptions & Pick<ServerOptions, 'maxSessionInvalidFrames'> => ({
  settings: {
    initialWindowSize: STREAM_WINDOW,
    maxFrameSize: 16_384,
    maxConcurrentStreams: streams,
    maxHeaderListSize: 16_384,
  },
  peerMaxConcurrentStreams: 100_000,
  maxHeaderListPairs: limits.headerPairs,
  maxSessionInvalidFrames: 100,
  // Megabytes. The real bound is on tunnels (tunnels/budget.ts): with the default of 10 a busy session refuses streams.
  maxSessionMemory: 1_000,
});

/** Speaks HTTP/2 on an authenticated connection, in either role whichever end dialled (RFC 9113, 3.4). */
export function startSession(socket: TLSSocket, role: Role, streams: number): Http2Session {
  if (role === 'answers') {
    const session = performServerHandshake(socket, options(streams));
    session.setLocalWindowSize(CONNECTION_WINDOW);
    return session;
  }
  const { settings, ...rest } = options(streams);
  const session = connect('https://relay', {
    ...rest,
    settings: { ...settings, enablePush: false },
    createConnection: () => socket,
  });
  session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW));
  return session;
}
