import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { connect, createServer } from 'node:tls';
import type { Authority, Credential } from './authorities.js';
import { keeping } from './sockets.js';
import type { TestServer } from './sockets.js';

interface TlsTerms {
  readonly credential?: Credential;
  /** Whom the other end must stand below. */
  readonly trust?: Authority;
}

/** An application that speaks TLS, on loopback; with `trust` its clients must prove themselves. */
export function serveTls(
  { credential: { chain: cert, key }, trust }: TlsTerms & { readonly credential: Credential },
  serveOne: (socket: TLSSocket) => void = () => undefined,
): Promise<TestServer<TLSSocket>> {
  const clients = trust ? { requestCert: true, ca: trust.certificatePem } : {};
  const server = createServer({ cert, key, ...clients, allowHalfOpen: true });
  server.on('tlsClientError', () => undefined);
  return keeping(server, 'secureConnection', serveOne);
}

/** A client that speaks TLS. Resolves once the server has proven `serverName`; rejects with why it did not. */
export async function dialTls(
  port: number,
  { credential, trust, serverName = 'localhost' }: TlsTerms & { readonly serverName?: string },
): Promise<TLSSocket> {
  const socket = connect({
    ...{ host: '127.0.0.1', port, servername: serverName, allowHalfOpen: true },
    ...(trust && { ca: trust.certificatePem }),
    ...(credential && { cert: credential.chain, key: credential.key }),
  });
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  return socket;
}
