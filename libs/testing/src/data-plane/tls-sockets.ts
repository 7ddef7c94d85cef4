import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect, createServer } from 'node:tls';
import type { Authority, Credential } from './authorities.js';

interface TlsTerms {
  readonly credential?: Credential;
  /** Whom the other end must stand below. */
  readonly trust?: Authority;
}

export interface TlsServer {
  readonly port: number;
  readonly connections: TLSSocket[];
  readonly next: () => Promise<TLSSocket>;
  readonly close: () => void;
}

/** An application that speaks TLS, on loopback; with `trust` its clients must prove themselves. */
export async function serveTls(
  { credential, trust }: TlsTerms & { readonly credential: Credential },
  serveOne: (socket: TLSSocket) => void = () => undefined,
): Promise<TlsServer> {
  const connections: TLSSocket[] = [];
  const { chain: cert, key } = credential;
  const clients = trust ? { requestCert: true, ca: trust.certificatePem } : {};
  const server = createServer({ cert, key, ...clients, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    connections.push(socket);
    serveOne(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    next: async () => ((await once(server, 'secureConnection')) as [TLSSocket])[0],
    close: () => {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
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
