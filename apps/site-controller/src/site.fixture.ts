import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { keyOf } from '@caravan/data-plane';
import { RelayDataPlane } from '@caravan/data-plane/relay';
import type { Configuration, Connection, Item, LinkItem, Observation } from '@caravan/data-plane';
import type { SiteFile } from '@caravan/api';
import type { TestManagement } from './control/management.fixture.js';
import type { Answers } from './joining/answers.js';
import { readSiteFile, take } from './joining/index.js';
import type { Refusal } from './joining/index.js';
import { silentLog } from './log.js';
import { SiteController } from './site-controller.js';
import type { Pace, SiteOptions } from './site-controller.js';
import type { DataPlaneHooks, OpenDataPlane, SiteDataPlane } from './site-data-plane.js';
import { openSiteDirectory } from './site-directory/index.js';
import type { Sealing } from './site-directory/index.js';
import { readSiteState } from './site-state.js';
import type { SiteState } from './site-state.js';
import { INSTALLATION } from './testing.fixture.js';
import type { Term } from './testing.fixture.js';

export const SITE_ID = '0198c0de-0000-7000-8000-00000000aaaa';
export const NETWORK_ID = '0198c0de-0000-7000-8000-00000000bbbb';
export const BACKBONE_ID = '0198c0de-0000-7000-8000-00000000dddd';
export const MANAGEMENT_ID = '0198c0de-0000-7000-8000-00000000ffff';
export const INVITATION_ID = '0198c0de-0000-7000-8000-00000000eeee';
const PACE: Pace = {
  syncMs: 60_000,
  heartbeatMs: 60_000,
  gatherMs: 10,
  suppliedMs: 50,
  backOff: { firstMs: 20, mostMs: 80 },
};

/** A relay that does at once whatever it is given; its links lead to the management plane when it has a certificate for one. */
export class FakeDataPlane implements SiteDataPlane {
  readonly configurations: Configuration[] = [];
  connectionsKnown: Connection[] = [];
  /** What the next access point that asks for any port gets. */
  anyPort = 40_001;
  /** While it is set nothing is taken: the relay is away. */
  away = false;
  private readonly watchers = new Set<(observation: Observation) => void>();

  constructor(
    private readonly control: () => Promise<Duplex>,
    private readonly hooks: DataPlaneHooks,
  ) {
    queueMicrotask(() => hooks.onConnected());
  }

  get latest(): Configuration | undefined {
    return this.configurations.at(-1);
  }

  /** It is killed, and comes back knowing nothing. */
  restart(): void {
    this.hooks.onDisconnected(new Error('no relay answers'));
    this.configurations.length = 0;
    this.hooks.onConnected();
  }

  async apply(configuration: Configuration): Promise<void> {
    if (this.away) throw new Error('no relay answers');
    this.configurations.push(structuredClone(configuration));
    for (const watcher of this.watchers) watcher(this.observed());
  }

  async observe(): Promise<Observation> {
    return this.observed();
  }

  watch(listener: (observation: Observation) => void): () => void {
    this.watchers.add(listener);
    return () => void this.watchers.delete(listener);
  }

  openControl(): Promise<Duplex> {
    const { links = [], accessPoints = [], certificates = {} } = this.latest ?? {};
    const ways = [...links, ...accessPoints.filter(({ access }) => access === 'manage')];
    if (ways.some(({ certificateId }) => certificateId in certificates)) return this.control();
    return Promise.reject(new Error('no link leads to the management plane'));
  }

  async connections(id?: string): Promise<Connection[]> {
    return this.connectionsKnown.filter((connection) => id === undefined || connection.id === id);
  }

  async close(): Promise<void> {
    this.watchers.clear();
  }

  private observed(): Observation {
    const { links = [], listeners = [], connectors = [], accessPoints = [], admissions = [] } = this.latest ?? {};
    const items = [...links, ...listeners, ...connectors, ...admissions] as Item[];
    const bound = accessPoints.map((item) => [keyOf(item), { state: 'applied', port: item.bindPort || this.anyPort }]);
    const others = items.map((item) => [keyOf(item), { state: 'applied' }]);
    return { items: Object.fromEntries([...bound, ...others]) as Observation['items'], links: [] };
  }
}

export interface TestSite {
  readonly controller: SiteController;
  readonly plane: FakeDataPlane;
  /** The outcome of its life so far. */
  readonly run: Promise<Refusal | undefined>;
  stop(): Promise<void>;
}

/** Directories and sites of a spec file; `end` in `afterEach`. */
export class TestSites {
  private readonly made: string[] = [];
  private readonly running: Pick<TestSite, 'stop'>[] = [];

  constructor(readonly management: () => TestManagement) {}

  directory(): string {
    const dir = mkdtempSync(join(tmpdir(), 'caravan-site-'));
    this.made.push(dir);
    return dir;
  }

  /** With a data plane that is played. */
  async start(
    dir: string,
    file?: SiteFile,
    { pace = {}, doors, answers }: Pick<SiteOptions, 'doors'> & { pace?: Partial<Pace>; answers?: Answers } = {},
  ): Promise<TestSite> {
    let plane: FakeDataPlane | undefined;
    const open: OpenDataPlane = (hooks) => (plane = new FakeDataPlane(this.management().openControl, hooks));
    const { controller, run } = await this.run(await this.prepare(dir, file, { answers }), pace, open, doors);
    const site: TestSite = { controller, plane: plane!, run, stop: () => controller.stop() };
    this.running.push(site);
    return site;
  }

  /** With a relay of its own behind this socket. */
  async startWithRelay(socketPath: string, file: SiteFile): Promise<SiteController> {
    const state = await this.prepare(this.directory(), file);
    const open: OpenDataPlane = (hooks) => new RelayDataPlane({ socketPath, ...hooks });
    const { controller } = await this.run(state, {}, open);
    this.running.push({ stop: () => controller.stop() });
    return controller;
  }

  private async run(state: SiteState, pace: Partial<Pace>, openDataPlane: OpenDataPlane, doors?: SiteOptions['doors']) {
    const options = { state, host: '127.0.0.1', log: silentLog, pace: { ...PACE, ...pace }, openDataPlane };
    const controller = new SiteController({ ...options, ...(doors && { doors }) });
    return { controller, run: controller.run() };
  }

  /** As for `kill -9`: nobody waits for what it was at. */
  abandon(site: TestSite): void {
    this.running.splice(this.running.indexOf(site), 1);
    void site.stop();
  }

  /** What a start does before anything runs. */
  async prepare(
    dir: string,
    file?: SiteFile,
    { sealing, answers }: { sealing?: Sealing; answers?: Answers | undefined } = {},
  ): Promise<SiteState> {
    const state = await readSiteState(await openSiteDirectory(dir, {}, sealing));
    if (file) await take(await this.onDisk(file), state, { answers });
    return state;
  }

  async end(): Promise<void> {
    await Promise.all(this.running.splice(0).map((site) => site.stop()));
    for (const dir of this.made.splice(0)) rmSync(dir, { recursive: true, force: true });
  }

  link(certificateId: string, access: LinkItem['access'] = 'member'): LinkItem {
    const { authorities } = this.management();
    return {
      kind: 'link',
      id: `${access}-link`,
      access,
      host: '127.0.0.1',
      port: 4711,
      serverName: `x.${access}.caravan.internal`,
      trust: [authorities.pem('infrastructureCa')],
      certificateId,
      cost: 1,
      reach: { kind: 'control' },
    };
  }

  private get control() {
    return { serverName: 'caravan.control', trust: [this.management().authorities.pem('managementCa')] };
  }

  invitation(changes: { id?: string; links?: LinkItem[]; term?: Term; position?: number } = {}): SiteFile {
    const { authorities } = this.management();
    const id = changes.id ?? INVITATION_ID;
    const identity = { kind: 'claim', installation: INSTALLATION, networkId: NETWORK_ID, invitationId: id } as const;
    return {
      format: 'caravan.invitation',
      version: 1,
      position: changes.position ?? 0,
      installation: INSTALLATION,
      invitation: { id, name: 'hq', networkId: NETWORK_ID, networkName: 'retail', deadline: null },
      control: this.control,
      links: changes.links ?? [this.link('claim', 'claim')],
      certificate: authorities.make('claim', identity, undefined, changes.term),
    };
  }

  bundle(items: Item[], hosts: string[] = [], position = 0): SiteFile {
    const { authorities } = this.management();
    const identity = {
      kind: 'bootstrap',
      installation: INSTALLATION,
      backboneId: BACKBONE_ID,
      siteId: SITE_ID,
    } as const;
    return {
      format: 'caravan.bundle',
      version: 1,
      position,
      installation: INSTALLATION,
      site: { id: SITE_ID, name: 'east', backboneId: BACKBONE_ID, backboneName: 'demo' },
      control: this.control,
      items,
      certificate: authorities.make('bootstrap', identity, hosts),
    };
  }

  managementFile(port?: number): SiteFile {
    const { authorities, nats } = this.management();
    const identity = { kind: 'management-site', installation: INSTALLATION, siteId: MANAGEMENT_ID } as const;
    return {
      format: 'caravan.management-site',
      version: 1,
      installation: INSTALLATION,
      site: { id: MANAGEMENT_ID, name: 'management' },
      control: { ...this.control, host: nats.host, port: port ?? nats.port },
      certificate: authorities.make('managementSite', identity),
    };
  }

  /** By the way of a real file: what cannot be read back is no file. */
  private async onDisk(file: SiteFile): Promise<SiteFile> {
    const path = join(this.directory(), 'site.json');
    writeFileSync(path, JSON.stringify(file));
    return readSiteFile(path);
  }
}
