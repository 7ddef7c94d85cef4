import { constants } from 'node:crypto';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { ConnectionOptions, SecureContextOptions, Server, TLSSocket, TlsOptions } from 'node:tls';
import { checkServerIdentity, connect, createServer } from 'node:tls';
import type { Configuration, ConnectorTls, ListenerTls } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';
import { trustFault } from '../configuration/credential.js';

/** What applications speak; the oldest that is still sound (RFC 9325, 3.1.1). */
const OLDEST = 'TLSv1.2';

/**
 * What TLS with applications is spoken with: certificates and trust of the site itself, none of the network's. Whoever uses it
 * looks here at each handshake, so that what is replaced counts from the next one on, and ends nothing.
 */
export class ApplicationTls {
  #credentials: ReadonlyMap<string, Credential> = new Map();
  #trusts: Configuration['trusts'] = {};

  apply(credentials: ReadonlyMap<string, Credential>, trusts: Configuration['trusts']): void {
    this.#credentials = credentials;
    this.#trusts = trusts;
  }

  /** Why it cannot be spoken now; undefined: it can. */
  missing({
    certificateId,
    trustId,
  }: {
    readonly certificateId?: string | undefined;
    readonly trustId?: string | undefined;
  }): string | undefined {
    if (certificateId !== undefined) {
      const credential = this.#credentials.get(certificateId);
      if (!credential) return `its certificate ${certificateId} is not there`;
      if (credential.fault !== undefined) return `its certificate ${certificateId}: ${credential.fault}`;
    }
    if (trustId === undefined) return undefined;
    const trust = this.#trusts[trustId];
    if (!trust) return `its trust ${trustId} is not there`;
    const fault = trustFault(trust);
    return fault && `its trust ${trustId}: ${fault}`;
  }

  /** Equal marks are the same material. */
  markOf({ certificateId, clientTrustId }: ListenerTls): string {
    const trust = clientTrustId === undefined ? [] : (this.#trusts[clientTrustId] ?? []);
    return [this.#credentials.get(certificateId)?.mark ?? '', ...trust].join('\n');
  }

  /**
   * A server that ends TLS and never listens by itself: it is handed connections. `take` has to look whether the client is authorized.
   * Throws when OpenSSL cannot use what there is.
   */
  server(tls: ListenerTls, take: (socket: TLSSocket) => void): Server {
    const options: TlsOptions = {
      allowHalfOpen: true,
      // Whoever is not authorized is refused by whom it is handed to, which can say why.
      ...{ requestCert: tls.clientTrustId !== undefined, rejectUnauthorized: false },
      ...this.#material(tls.certificateId, tls.clientTrustId),
    };
    return createServer(options, take);
  }

  /** From the next handshake on. */
  renew(server: Server, tls: ListenerTls): void {
    server.setSecureContext(this.#material(tls.certificateId, tls.clientTrustId));
  }

  /** Begins TLS on a connection to a server; `secureConnect` says that it is who it should be. Throws as `server` does. */
  begin(socket: Socket, { serverName, trustId, certificateId }: ConnectorTls): TLSSocket {
    const options: ConnectionOptions = {
      socket,
      rejectUnauthorized: true, // whatever the environment says
      // An IP address is never sent as a name (RFC 6066, 3), and is checked all the same.
      servername: isIP(serverName) === 0 ? serverName : '',
      checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
      ...this.#material(certificateId, trustId),
    };
    return connect(options);
  }

  #material(certificateId: string | undefined, trustId: string | undefined): SecureContextOptions {
    const credential = certificateId === undefined ? undefined : this.#credentials.get(certificateId);
    const trust = trustId === undefined ? undefined : this.#trusts[trustId];
    return {
      minVersion: OLDEST,
      // A ticket would let a client in by what was trusted when it got it.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ...(credential && { cert: credential.chain, key: credential.key.reveal() }),
      ...(trust && { ca: [...trust] }),
    };
  }
}
