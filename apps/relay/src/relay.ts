import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Configuration, Connection, Observation } from '@caravan/data-plane';
import { CONTROL_ADDRESS } from '@caravan/data-plane';
import { AccessPoints } from './admission/access-points.js';
import { SecureContexts } from './admission/secure-contexts.js';
import { credentialOf } from './configuration/credential.js';
import type { Counters } from './counters.js';
import type { Family } from './metric-family.js';
import { gaugesOf } from './gauges.js';
import type { Sizes, Timing } from './limits.js';
import { limits, productionSizes } from './limits.js';
import { answerStreams } from './links/answer-streams.js';
import { DialledLinks } from './links/dialled-links.js';
import { takeGreeting } from './links/greeting.js';
import type { Line } from './links/line.js';
import { Lines } from './links/lines.js';
import { WindowRoom } from './links/window-room.js';
import { openLine } from './links/open-line.js';
import type { Log } from './log.js';
import { PeerLog } from './log.js';
import { listenToOffers, tellOffers } from './routes/offer-exchange.js';
import { Routes } from './routes/routes.js';
import { CONTROL_SCOPE } from './routes/scope.js';
import { ApplicationTls } from './tunnels/application-tls.js';
import { answerTunnel } from './tunnels/answer.js';
import type { Memory } from './tunnels/budget.js';
import { Budget } from './tunnels/budget.js';
import { Carrier } from './tunnels/carrier.js';
import { Connections } from './tunnels/connections.js';
import { Connectors } from './tunnels/connectors.js';
import { Departure } from './tunnels/departure.js';
import { pipeEnd } from './tunnels/end.js';
import { Listeners } from './tunnels/listeners.js';

export interface RelayDeps {
  readonly log: Log;
  readonly counters: Counters;
  readonly timing: Timing;
  readonly sizes?: Sizes;
  /** Something worth observing has changed. */
  readonly changed: () => void;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** One site's data plane. It is what its last configuration says, and nothing before the first. */
export class Relay {
  #siteId = '';
  #marks: readonly string[] = [];
  readonly #contexts = new SecureContexts();
  readonly #tls = new ApplicationTls();
  readonly #connections = new Connections(limits.connections);
  readonly #budget: Budget;
  readonly #lines: Lines;
  readonly #accessPoints: AccessPoints;
  readonly #links: DialledLinks;
  readonly #connectors: Connectors;
  readonly #routes: Routes;
  readonly #carrier: Carrier;
  readonly #listeners: Listeners;
  readonly #expiry: NodeJS.Timeout;

  constructor(private readonly deps: RelayDeps) {
    const { log, counters, timing, changed, now = Date.now, sizes = productionSizes } = deps;
    const selfId = (): string => this.#siteId;
    const common = { log, counters, timing, changed, now, selfId, peerLog: new PeerLog(log), contexts: this.#contexts };
    this.#budget = new Budget({
      bytes: sizes.budget,
      changed: (memory) => this.#followMemory(memory),
      evicted: (count) => this.#evicted(count),
    });
    this.#lines = new Lines({
      ...common,
      now: () => new Date(),
      started: (line) => this.#start(line),
      sizes,
      room: new WindowRoom((bytes) => this.#budget.hasRoom(bytes)),
    });
    const lines = this.#lines;
    this.#accessPoints = new AccessPoints({ ...common, lines });
    this.#links = new DialledLinks({
      ...common,
      lines,
      random: Math.random,
      token: () => randomBytes(12).toString('base64url'),
      connect: (target, role, signal) => openLine({ ...common, lines }, target, role, signal),
    });
    this.#connectors = new Connectors({ ...common, tls: this.#tls });
    this.#routes = new Routes({ ...common, lines, own: this.#connectors });
    const carrying = { routes: this.#routes, connectors: this.#connectors, connections: this.#connections };
    this.#carrier = new Carrier({ ...common, ...carrying, budget: this.#budget });
    this.#listeners = new Listeners({ ...common, carrier: this.#carrier, tls: this.#tls });
    this.#expiry = setInterval(() => this.#expire(now()), timing.expiryCheckMs);
    this.#expiry.unref();
  }

  get isConfigured(): boolean {
    return this.#siteId !== '';
  }

  /** Who must go goes first; a port opens last, when what it leads to is known. */
  apply(configuration: Configuration): void {
    const { siteId, accessPoints, admissions, links, listeners, connectors, certificates, trusts } = configuration;
    if (this.#siteId !== '' && this.#siteId !== siteId) this.#clear();
    this.#siteId = siteId;
    const credentials = new Map(Object.entries(certificates).map(([id, pair]) => [id, credentialOf(pair)]));
    this.#forgetOldKeys([...credentials.values()].map(({ mark }) => mark));
    this.#accessPoints.apply(accessPoints, admissions, credentials);
    this.#links.apply(links, credentials);
    this.#tls.apply(credentials, trusts);
    this.#routes.announce(this.#connectors.apply(connectors));
    this.#listeners.apply(listeners);
    this.deps.changed();
  }

  observe(): Observation {
    const parts = [this.#accessPoints, this.#links, this.#listeners, this.#connectors];
    const items = Object.assign({}, ...parts.map((part) => part.states())) as Observation['items'];
    return { items, links: this.#lines.observed() };
  }

  connections(id?: string): Connection[] {
    return this.#connections.recent(id);
  }

  gauges(): Family[] {
    const [lines, budget] = [this.#lines, this.#budget];
    return gaugesOf({ lines, contexts: this.#contexts.size, budget, doors: this.#accessPoints.doors() });
  }

  /** Joins a local socket to the management plane; `agreed` comes before the first byte. Rejects with `Refusal`. */
  async openControl(socket: Duplex, agreed: () => void): Promise<void> {
    const departure = new Departure();
    socket.once('close', () => departure.leave());
    const from = { kind: 'control', id: 'control', peerIdentity: null } as const;
    const request = { scope: CONTROL_SCOPE, address: CONTROL_ADDRESS, connection: undefined, hops: [] };
    await this.#carrier.carry({ from }, request, departure, pipeEnd(socket), agreed);
  }

  close(): void {
    clearInterval(this.#expiry);
    this.#budget.close();
    this.#clear();
  }

  #start(line: Line): void {
    const siteId = this.#siteId;
    line.once('draining', () => this.#routes.forget(line));
    line.once('closed', () => this.#routes.forget(line));
    if (line.init.role === 'calls') return listenToOffers(line, this.#routes, siteId);
    answerStreams(line, {
      tunnel: (stream, headers) => void answerTunnel(line, stream, headers, this.#carrier, siteId),
      offers: (stream, headers) => {
        takeGreeting(line, headers);
        tellOffers(line, stream, this.#routes, siteId);
      },
    });
  }

  #followMemory(memory: Memory): void {
    const { held, bytes } = this.#budget;
    if (memory === 'full') this.deps.log.warn({ code: 'relay.full', held, bytes }, 'no room for new connections');
    else this.deps.log.info({ memory, held, bytes }, 'memory for connections');
    for (const line of this.#lines.all()) line.followMemory();
  }

  #evicted(count: number): void {
    const { held, bytes } = this.#budget;
    this.deps.counters.add('caravan_relay_tunnels_evicted_total', '', count);
    this.deps.log.warn({ code: 'relay.full', count, held, bytes }, 'connections were reset to make room');
  }

  #expire(now: number): void {
    for (const line of this.#lines.all()) {
      if (line.init.peer.expires <= now) line.drop('its certificate has expired');
    }
  }

  /** TLS contexts hold private keys: none stays longer than its certificate. */
  #forgetOldKeys(marks: readonly string[]): void {
    if (this.#marks.some((mark) => !marks.includes(mark))) this.#contexts.clear();
    this.#marks = marks;
  }

  #clear(): void {
    this.#listeners.close();
    this.#links.close();
    this.#accessPoints.close();
    for (const line of this.#lines.all()) line.drop('the relay stops');
    this.#connectors.apply([]);
  }
}
