import type { Http2Session, ServerOptions, SessionOptions } from 'node:http2';
import { connect, performServerHandshake } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Sizes } from '../limits.js';
import { limits } from '../limits.js';
import type { Role } from './facet.js';
import { letGoOfStack } from './let-go-of-stack.js';

const options = (
  streams: number,
  { smallWindow }: Sizes,
): SessionOptions & Pick<ServerOptions, 'maxSessionInvalidFrames'> => ({
  settings: {
    initialWindowSize: smallWindow,
    maxFrameSize: 16_384,
    maxConcurrentStreams: streams,
    maxHeaderListSize: 16_384,
  },
  peerMaxConcurrentStreams: 100_000,
  maxHeaderListPairs: limits.headerPairs,
  maxSessionInvalidFrames: 100,
  // Megabytes. The real bound is the budget of all tunnels (tunnels/budget.ts): with the default of 10 a busy session refuses streams.
  maxSessionMemory: 1_000,
});

/**
 * Speaks HTTP/2 on an authenticated connection, in either role whichever end dialled (RFC 9113, 3.4). The window of the whole
 * connection bounds what a line holds of bulk data, hence how long a small request waits behind it. There is no setting for it:
 * each receiver must ask, on every session.
 */
export function startSession(socket: TLSSocket, role: Role, streams: number, sizes: Sizes): Http2Session {
  const session = speak(socket, role, streams, sizes);
  session.on('error', letGoOfStack);
  return session;
}

function speak(socket: TLSSocket, role: Role, streams: number, sizes: Sizes): Http2Session {
  if (role === 'answers') {
    const session = performServerHandshake(socket, options(streams, sizes));
    session.setLocalWindowSize(sizes.connectionWindow);
    return session;
  }
  const { settings, ...rest } = options(streams, sizes);
  const session = connect('https://relay', {
    ...rest,
    settings: { ...settings, enablePush: false },
    createConnection: () => socket,
  });
  session.once('connect', () => session.setLocalWindowSize(sizes.connectionWindow));
  return session;
}
