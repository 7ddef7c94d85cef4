import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { connect } from 'node:tls';
import { exportPrivateKey } from '@caravan/pki';

/** Somebody to try a server as. */
export interface Caller {
  readonly ordinal: number;
  /** Leaf first. */
  readonly chain: readonly string[];
  readonly privateKey: KeyObject;
}

export interface Seen {
  readonly accepts: boolean;
  /** SHA-256, hex, of what the server presented, leaf first. */
  readonly presented: readonly string[];
}

const PATIENCE_MS = 3_000;
const MOST_OF_A_CHAIN = 8;

/**
 * Whether a nats-server that speaks TLS first takes the caller's certificate, and what it presents: it says `INFO` to whom it takes
 * (NATS client protocol) and sends an alert to the others. Whoever it is, it is told nothing: no user, no password.
 *
 * @throws Error when there is no server, or none that speaks TLS
 */
export function probe(
  host: string,
  port: number,
  { chain, privateKey }: Pick<Caller, 'chain' | 'privateKey'>,
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    let presented: string[] | undefined;
    const socket = connect({
      host,
      port,
      cert: chain.join(''),
      key: exportPrivateKey(privateKey).reveal(),
      // It is looked at, and trusted with nothing: whom it proves to be is the answer.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    });
    const end = (seen: boolean | Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (typeof seen === 'boolean' && presented) resolve({ accepts: seen, presented });
      else reject(seen instanceof Error ? seen : new Error(`${host}:${port} ended the handshake`));
    };
    const timer = setTimeout(() => end(new Error(`${host}:${port} did not answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    socket.once('secureConnect', () => (presented = presentedBy(socket.getPeerCertificate(true))));
    socket.once('data', (data: Buffer) => end(data.toString('latin1').startsWith('INFO')));
    // Whoever is not taken hears so after its own part of the handshake is done (RFC 8446, 4.4.2.4).
    socket.on('error', (error: Error) => end(presented ? false : error));
    socket.once('close', () => end(false));
  });
}

interface Presented {
  readonly raw: Buffer;
  readonly issuerCertificate?: Presented;
}

function presentedBy(leaf: Presented): string[] {
  const chain: string[] = [];
  for (let each: Presented | undefined = leaf; each?.raw && chain.length < MOST_OF_A_CHAIN;) {
    chain.push(createHash('sha256').update(each.raw).digest('hex'));
    each = each.issuerCertificate === each ? undefined : each.issuerCertificate;
  }
  return chain;
}
