import { constants } from 'node:crypto';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PeerLog } from '../logging/index.js';
import type { Service } from '../service/index.js';
import { CONNECTION_LIMITS, limitConnections } from './connection-limits.js';
import type { ConnectionLimits } from './connection-limits.js';
import { CurrentFile } from './current-file.js';
import { RequestRefusals } from './request-refusals.js';

export interface TlsListening {
  readonly host: string;
  readonly port: number;
  /** PEM, leaf first. Both may be replaced at any time: whoever connects after that meets the new ones. */
  readonly certFile: string;
  readonly keyFile: string;
  readonly limits?: ConnectionLimits;
}

export interface TlsListener {
  readonly port: number;
  /** What it would prove itself with now, PEM, leaf first. */
  shows(): string;
  close(): Promise<void>;
}

/**
 * Serves an application over TLS 1.3 too, beside where it listens without. Everybody is asked for a certificate and nobody needs one: what is
 * shown is proved to be its holder's by the handshake and judged by nobody here (`shownBy`), so that who is refused can read why. Nothing
 * is resumed: it would outlive a trust removal.
 *
 * @throws Error as of `node:fs` and OpenSSL where the files are of no use at the start
 */
export async function listenOverTls(
  app: Pick<NestExpressApplication, 'getHttpAdapter'>,
  service: Service,
  { host, port, certFile, keyFile, limits = CONNECTION_LIMITS }: TlsListening,
): Promise<TlsListener> {
  const refusals = new RequestRefusals(service);
  const credential = new CurrentCredential(certFile, keyFile, new PeerLog(service.log));
  const handler = app.getHttpAdapter().getInstance() as Parameters<typeof createServer>[1];
  const asking = { requestCert: true, rejectUnauthorized: false, handshakeTimeout: limits.headersMs };
  const server = createServer({ ...credential.held, ...asking }, handler);
  limitConnections(server, (...about) => refusals.note(...about), limits);
  const sockets = new Set<Socket>();
  const refresh = (): void => {
    if (credential.isAnother()) server.setSecureContext(credential.held);
  };
  // Before Node's own listener, which begins the handshake.
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    refresh();
  });
  // Node's own takes it for a request that cannot be read, and answers in HTTP.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    socket.destroy();
    if (error.code === 'ECONNRESET') return; // who goes away before it has said anything is refused nothing
    refusals.note('request.no-handshake', { peer: socket.remoteAddress }, `no TLS 1.3 handshake: ${error.message}`);
  });
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    shows: () => {
      refresh();
      return credential.held.cert;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy(); // in the middle of a handshake too, which Node does not count
      }),
  };
}

const OPTIONS = { minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET } as const;

/** A certificate and its key, as they lie on disk: the latest two that fit. */
class CurrentCredential {
  readonly #cert: CurrentFile;
  readonly #key: CurrentFile;
  #unfit = '';
  held: typeof OPTIONS & { readonly cert: string; readonly key: string };

  constructor(
    certFile: string,
    keyFile: string,
    private readonly peerLog: PeerLog,
  ) {
    this.#cert = new CurrentFile(certFile);
    this.#key = new CurrentFile(keyFile);
    this.held = { ...OPTIONS, cert: this.#cert.text(), key: this.#key.text() };
  }

  /** Whether others than those in `held` lie there, which is those then. Where one of both is replaced before the other, what was good goes on. */
  isAnother(): boolean {
    try {
      const [cert, key] = [this.#cert.text(), this.#key.text()];
      if ((cert === this.held.cert && key === this.held.key) || cert + key === this.#unfit) return false;
      this.#unfit = cert + key;
      createSecureContext({ cert, key });
      this.#unfit = '';
      this.held = { ...OPTIONS, cert, key };
      return true;
    } catch (error) {
      const files = { certFile: this.#cert.path, keyFile: this.#key.path };
      this.peerLog.warn('tls.unfit-files', { ...files, err: error }, 'certificate and key on disk are of no use');
      return false;
    }
  }
}

/** The certificate that the other end of a request proved to be its own, PEM; undefined: none, or there is no TLS. */
export function shownBy({ socket }: { readonly socket: object }): string | undefined {
  return (socket as Partial<TLSSocket>).getPeerX509Certificate?.()?.toString();
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
