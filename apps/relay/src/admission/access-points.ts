import type { TLSSocket } from 'node:tls';
import type { AdmissionItem, ConfiguredAccessPoint, ItemState } from '@caravan/data-plane';
import { killPoint } from '@caravan/kill-points';
import { changesBetween } from '../configuration/changes.js';
import type { Credential } from '../configuration/credential.js';
import { trustFault } from '../configuration/credential.js';
import type { Counters } from '../counters.js';
import type { Timing } from '../limits.js';
import type { Line } from '../links/line.js';
import type { Lines } from '../links/lines.js';
import type { PeerLog } from '../log.js';
import { AccessPoint } from './access-point.js';
import type { Dropped } from './admit.js';
import { admit, expulsion } from './admit.js';
import { everTrusted } from './peer.js';
import { anchorsOf } from './pins.js';
import { Doors } from './doors.js';
import { Preparing } from './preparing.js';
import type { SecureContexts } from './secure-contexts.js';
import { Shut } from './shut.js';
import { WindowWatch } from './window-watch.js';

interface Deps {
  readonly timing: Timing;
  readonly now: () => number;
  readonly peerLog: PeerLog;
  readonly counters: Counters;
  readonly contexts: SecureContexts;
  readonly lines: Lines;
  readonly changed: () => void;
}

/** All access points of the site, the doors they share, and who came in through them. */
export class AccessPoints {
  readonly #points = new Map<string, AccessPoint>();
  readonly #watch: WindowWatch;
  readonly #preparing: Preparing;
  #doors = new Doors([], () => undefined);

  constructor(private readonly deps: Deps) {
    const { now, timing } = deps;
    this.#watch = new WindowWatch(now, () => this.#lookAtWindows(), timing.expiryCheckMs);
    this.#preparing = new Preparing(timing.trustLeadMs);
  }

  apply(
    items: readonly ConfiguredAccessPoint[],
    admissions: readonly AdmissionItem[],
    credentials: ReadonlyMap<string, Credential>,
  ): void {
    // The doors first: a port opens, and a line stays, under the new ones only.
    this.#doors = new Doors(admissions, (admission) => trustFault(everTrusted(admission)), this.#doors);
    const { added, removed } = changesBetween(
      [...this.#points.values()].map(({ item }) => item),
      items,
    );
    for (const { id } of removed) {
      this.#points.get(id)?.close();
      this.#points.delete(id);
    }
    for (const item of added) this.#points.set(item.id, this.#point(item));
    for (const item of items) {
      const { certificateId, suppliedId = '' } = item;
      const shown = { issued: credentials.get(certificateId), supplied: credentials.get(suppliedId) };
      this.#points.get(item.id)!.configure(item, shown);
    }
    this.#expel();
    this.#watch.again();
  }

  states(): Record<string, ItemState> {
    const ports = [...this.#points].map(([id, point]) => [`access-point/${id}`, point.state()] as const);
    return { ...Object.fromEntries(ports), ...this.#doors.states(this.deps.now()) };
  }

  /** How many networks' doors have not started, are open, have ended. */
  doors(): ReturnType<Doors['count']> {
    return this.#doors.count(this.deps.now());
  }

  close(): void {
    this.#watch.stop();
    this.#preparing.stop();
    for (const point of this.#points.values()) point.close();
    this.#points.clear();
  }

  #point(item: ConfiguredAccessPoint): AccessPoint {
    const { timing, contexts, changed, now } = this.deps;
    return new AccessPoint(item, {
      timing,
      changed,
      contextFor: ({ access }, credential, serverName) => {
        const entrance = this.#doors.find(access, serverName, now());
        if (entrance.status !== 'open') throw new Shut(entrance.status, access, serverName);
        return contexts.for(credential, anchorsOf(entrance.admission));
      },
      arrived: (socket, { id, access }) => {
        if (killPoint) void killPoint('link.arrived', access).then(() => this.#arrived(socket, id));
        else this.#arrived(socket, id);
      },
      refused: (code, { id }, fields) => this.#refused(code, { accessPoint: id, ...fields }),
    });
  }

  #arrived(socket: TLSSocket, id: string): void {
    const item = this.#points.get(id)?.item;
    // A handshake that outlived its access point.
    if (!item) return void socket.destroy();
    const { lines, now } = this.deps;
    const result = admit(socket, item, this.#doors, new Date(now()));
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    if ('code' in result) {
      socket.destroy();
      return this.#refused(result.code, { accessPoint: id, peer, detail: result.detail });
    }
    const tooMany = lines.refusal(result.identity ?? '', result.reach.kind === 'control', socket.remoteAddress);
    if (tooMany !== undefined) {
      socket.destroy();
      return this.#refused('lines.too-many', { accessPoint: id, peer, detail: tooMany });
    }
    lines.start({ ...result, cost: 1, token: undefined });
  }

  /** Who came in by a door that has shut goes at once; what opens soon is made ready. Answers when to look again. */
  #lookAtWindows(): number | undefined {
    const now = this.deps.now();
    if (this.#doors.look(now)) {
      for (const line of this.deps.lines.all()) {
        if (line.init.direction !== 'accepted') continue;
        const { access, serverName } = line.init;
        const { status } = this.#doors.find(access, serverName, now);
        if (status !== 'open') this.#drop(line, new Shut(status, access, serverName));
      }
      this.deps.changed();
    }
    const { trustLeadMs } = this.deps.timing;
    this.#preparing.begin(this.#doors.openingWithin(trustLeadMs, now).flatMap((each) => this.#contextsOf(each)));
    return this.#doors.nextBoundary(now, trustLeadMs);
  }

  /** Making one takes a millisecond or three: of a thousand networks that begin at ten, nobody is to wait for that at ten. */
  #contextsOf(admission: AdmissionItem): (() => void)[] {
    const points = [...this.#points.values()].filter(({ item }) => item.access === admission.access);
    const credentials = points.flatMap((point) => point.credentials);
    return credentials.map((credential) => () => void this.deps.contexts.for(credential, anchorsOf(admission)));
  }

  /** Who may not stay under what is configured now goes at once. */
  #expel(): void {
    const items = new Map([...this.#points].map(([id, { item }]) => [id, item]));
    const now = new Date(this.deps.now());
    for (const line of this.deps.lines.all()) {
      if (line.init.direction !== 'accepted') continue;
      const reason = expulsion(line, items, this.#doors, now);
      if (reason) this.#drop(line, reason);
    }
  }

  #drop(line: Line, { code, detail }: Dropped): void {
    this.#refused(code, { accessPoint: line.init.itemId, peer: line.init.identity, detail });
    line.drop(detail);
  }

  #refused(code: string, fields: object): void {
    this.deps.counters.add('caravan_relay_handshakes_refused_total', code);
    this.deps.peerLog.warn(code, fields, 'link refused');
  }
}
