import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { NatsConnection } from '@nats-io/nats-core';
import { NatsConnectionImpl } from '@nats-io/nats-core/internal';
import type { Secret } from '@caravan/pki';
import { speakNextIn } from './stream-transport.js';

/** Who speaks with whom: the management plane proves `serverName` by a chain to `trust`; we prove ourselves by `chain`. */
export interface ControlEnds {
  readonly serverName: string;
  readonly trust: readonly string[];
  readonly chain: readonly string[];
  readonly key: Secret<string>;
}

const HANDSHAKE_MS = 10_000;
/** A dead stream is noticed after two of these without an answer. */
const PING_MS = 10_000;

/**
 * A NATS connection inside `stream`, with TLS from end to end before NATS says a word: whoever carries the stream sees
 * nothing and can be nobody. No port is opened for it. A stream can be used once, so this connection never reconnects by
 * itself: open another stream and come back.
 *
 * Invitees of one invitation share a certificate: a name of 160 random bits keeps their answers apart, and the auth callout
 * lets a client hear exactly `_INBOX_<name>.>`.
 *
 * Rejects with the TLS error, or with what NATS answered. The stream is destroyed then.
 */
export async function natsOverStream(stream: Duplex, ends: ControlEnds): Promise<NatsConnection> {
  try {
    const encrypted = await handshake(stream, ends);
    const name = randomBytes(20).toString('hex');
    speakNextIn(encrypted);
    return await NatsConnectionImpl.connect({
      servers: `${ends.serverName}:4222`, // for its messages: nothing is resolved or dialled
      resolve: false,
      name,
      inboxPrefix: `_INBOX_${name}`,
      reconnect: false,
      ignoreClusterUpdates: true,
      pingInterval: PING_MS,
      maxPingOut: 2,
      timeout: HANDSHAKE_MS,
    });
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** `trust` holds intermediate authorities, never a root: `allowPartialTrustChain` makes exactly them the anchors. */
function handshake(stream: Duplex, { serverName, trust, chain, key }: ControlEnds): Promise<TLSSocket> {
  const secureContext = createSecureContext({
    ca: [...trust],
    cert: chain.join('\n'),
    key: key.reveal(),
    minVersion: 'TLSv1.3',
    allowPartialTrustChain: true,
  });
  return new Promise((resolve, reject) => {
    const socket = connectTls({ socket: stream, servername: serverName, secureContext });
    const fail = (error: Error): void => void socket.destroy(error);
    const timer = setTimeout(fail, HANDSHAKE_MS, new Error(`no TLS handshake within ${HANDSHAKE_MS / 1000} s`));
    // What happens to the stream beneath does not reach a TLS socket of every kind of stream by itself.
    stream.on('error', fail);
    stream.once('close', () => fail(new Error('the stream to the management plane ended')));
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      stream.destroy();
      reject(new Error('the stream to the management plane ended'));
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
