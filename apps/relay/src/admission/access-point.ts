import type { Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { createServer as createTlsServer } from 'node:tls';
import { constants } from 'node:crypto';
import type { ConfiguredAccessPoint, ItemState } from '@caravan/data-plane';
import { doorNamedBy } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';
import { ALPN } from '../links/facet.js';
import type { Timing } from '../limits.js';
import { limits } from '../limits.js';
import { Rebinding } from '../ports/rebinding.js';
import { PendingHandshakes } from './pending-handshakes.js';
import { Shut } from './shut.js';

/** What an access point can show: what was issued to it, and what the site's operator supplies. */
export interface Shown {
  readonly issued: Credential | undefined;
  readonly supplied: Credential | undefined;
}

export interface AccessPointDeps {
  readonly timing: Timing;
  /** The context of a door. Throws `Shut` when there is none that is open: the handshake ends before anybody is judged. */
  readonly contextFor: (item: ConfiguredAccessPoint, credential: Credential, serverName: string) => SecureContext;
  /** A finished handshake, to be judged. */
  readonly arrived: (socket: TLSSocket, item: ConfiguredAccessPoint) => void;
  readonly refused: (code: string, item: ConfiguredAccessPoint, fields: object) => void;
  readonly changed: () => void;
}

/** One listening port. Its default TLS context has no certificate and trusts nobody: only a known door leads further. */
export class AccessPoint {
  #item: ConfiguredAccessPoint;
  #shown: Shown = { issued: undefined, supplied: undefined };
  #server: Server | undefined;
  #bound: { readonly host: string; readonly port: number; readonly asked: number } | undefined;
  /** The last port that was had at a host: what port 0 asks for from then on, since other sites dial it. */
  #found: { readonly host: string; readonly port: number } | undefined;
  #certificateProblem: string | undefined;
  #portProblem: string | undefined;
  readonly #rebinding: Rebinding;
  readonly #pending: PendingHandshakes;
  readonly #tls;

  constructor(
    item: ConfiguredAccessPoint,
    private readonly deps: AccessPointDeps,
  ) {
    this.#item = item;
    this.#rebinding = new Rebinding(deps.timing.rebind, () => this.#listen());
    const most = { count: limits.pendingHandshakes, ms: limits.handshakeMs };
    this.#pending = new PendingHandshakes(most, (code, peer) => this.deps.refused(code, this.#item, { peer }));
    this.#tls = createTlsServer({
      SNICallback: (serverName, done) => this.#choose(serverName, done),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: Object.values(ALPN),
      minVersion: 'TLSv1.3',
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    this.#tls.on('secureConnection', (socket) => {
      this.#pending.done(socket);
      socket.on('error', () => undefined);
      this.deps.arrived(socket, this.#item);
    });
    this.#tls.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy();
      if (this.#pending.wasGivenUp(error)) return;
      // Why OpenSSL refused a certificate is on the socket; the error says only that it was closed because of that.
      const { authorizationError: why = error.code ?? error.message } = socket as { authorizationError?: unknown };
      const { code, detail } = error instanceof Shut ? error : { code: 'handshake.failed', detail: String(why) };
      this.deps.refused(code, this.#item, { detail });
    });
  }

  get item(): ConfiguredAccessPoint {
    return this.#item;
  }

  /** What it proves itself with, to whoever knows what. */
  get credentials(): Credential[] {
    const { issued, supplied } = this.#shown;
    return [issued, supplied].filter((each) => each !== undefined);
  }

  /** Takes effect for the next handshake. The port changes only when another one is asked for. */
  configure(item: ConfiguredAccessPoint, { issued, supplied }: Shown): void {
    this.#item = item;
    const given = usable(supplied);
    // What was issued goes on serving until the next one is here, unless there is another that does.
    this.#shown = { issued: usable(issued) ?? (given ? undefined : this.#shown.issued), supplied: given };
    this.#certificateProblem = given ? undefined : this.#faultOf(issued);
    if (!this.#shown.issued && !given) return;
    const { bindHost, bindPort } = item;
    const bound = this.#bound?.host === bindHost ? this.#bound : undefined;
    // Port 0 asks for any port, so the one that was found stays; it is what other sites dial.
    if (!bound || (bindPort !== 0 && bindPort !== bound.port && bindPort !== bound.asked)) this.#listen();
  }

  close(): void {
    this.#rebinding.stop();
    this.#server?.close();
    this.#server = undefined;
    this.#bound = undefined;
    this.#pending.close();
  }

  state(): ItemState {
    const problem = this.#portProblem ?? this.#certificateProblem;
    const detail = problem === undefined ? {} : { detail: problem };
    if (this.#bound && this.#bound.port !== 0) return { state: 'applied', port: this.#bound.port, ...detail };
    return { state: this.#portProblem === undefined ? 'waiting' : 'failed', ...detail };
  }

  #faultOf(credential: Credential | undefined): string | undefined {
    const { certificateId } = this.#item;
    if (credential === undefined) return `the certificate ${certificateId} is missing`;
    return credential.fault && `the certificate ${certificateId}: ${credential.fault}`;
  }

  #choose(name: string, done: (error: Error | null, context?: SecureContext) => void): void {
    const { issued, supplied } = this.#shown;
    const { serverName, knowsSupplied } = doorNamedBy(name);
    const credential = knowsSupplied ? (supplied ?? issued) : (issued ?? supplied);
    try {
      if (!credential) throw new Error('there is no certificate to show yet');
      done(null, this.deps.contextFor(this.#item, credential, serverName));
    } catch (error) {
      done(error as Error);
    }
  }

  #listen(): void {
    this.close();
    const { bindHost, bindPort } = this.#item;
    const asked = bindPort === 0 && this.#found?.host === bindHost ? this.#found.port : bindPort;
    const server = createTcpServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    this.#server = server;
    this.#bound = { host: bindHost, port: 0, asked: bindPort };
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', ({ message }) => {
      if (this.#server !== server) return;
      server.close(); // it may be listening, and short of descriptors
      this.#portProblem = `cannot listen on ${bindHost}:${this.#bound?.port || asked}: ${message}`;
      this.#bound = undefined;
      this.#rebinding.failed();
      this.deps.changed();
    });
    server.listen({ host: bindHost, port: asked, backlog: 1024 }, () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : asked;
      this.#found = { host: bindHost, port };
      this.#bound = { ...this.#found, asked: bindPort };
      this.#rebinding.bound();
      this.#portProblem = undefined;
      this.deps.changed();
    });
  }

  /** Before TLS: a bound on how many strangers may keep a handshake open, and for how long. */
  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    this.#pending.add(socket);
    this.#tls.emit('connection', socket);
  }
}

const usable = (credential: Credential | undefined): Credential | undefined =>
  credential?.fault === undefined ? credential : undefined;
