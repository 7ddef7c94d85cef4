import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createSecureContext, createServer } from 'node:tls';
import type { Authority, Credential } from './authorities.js';

/** How not to do it: a TLS server that trusts as a door does, and gives tickets. `trust` replaces its authority. */
export async function startTicketGiver({ chain: cert, key }: Credential, authority: Authority) {
  const contextOf = ({ certificatePem }: Authority): SecureContext =>
    createSecureContext({ cert, key, ca: [certificatePem], allowPartialTrustChain: true });
  let context = contextOf(authority);
  const server = createServer(
    {
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1.3',
      SNICallback: (_, done) => done(null, context),
    },
    (socket) => {
      socket.on('error', () => undefined);
      socket.write('welcome');
    },
  );
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    trust: (other: Authority) => void (context = contextOf(other)),
    close: () => void server.close(),
  };
}
