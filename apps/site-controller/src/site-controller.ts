import type { Observation } from '@caravan/data-plane';
import { SITE_CERTIFICATE } from '@caravan/data-plane';
import { portsAfter } from './access-points/index.js';
import { Obtaining } from './certificates/index.js';
import { ControlLink, streamTo } from './control/index.js';
import { Doors, DoorsShut } from './doors/index.js';
import type { DoorsOptions } from './doors/index.js';
import { Applying, Following } from './desired-state/index.js';
import type { ApplyingOptions } from './desired-state/index.js';
import { Joiner } from './joining/index.js';
import type { Over, Refusal, Site } from './joining/index.js';
import type { Log } from './log.js';
import type { BackOff } from './pacing/index.js';
import { Reporting, reportOf } from './reporting/index.js';
import type { OpenDataPlane, SiteDataPlane } from './site-data-plane.js';
import { controlEnds, directControl, forgetWhatIsOver, siteOf, wantedConfiguration } from './site-state.js';
import type { SiteState } from './site-state.js';
import { Standing } from './standing.js';
import { Supplies } from './supplied/index.js';
import { Troubles } from './troubles.js';
import { VERSION } from './version.js';

export interface Pace {
  /** How often the desired state is asked for without a nudge, and a report is sent without a change. */
  readonly syncMs: number;
  readonly heartbeatMs: number;
  /** Changes within this time go into one report. */
  readonly gatherMs: number;
  /** How often it is looked for what a user has supplied since. */
  readonly suppliedMs: number;
  readonly backOff?: BackOff;
}
export const DEFAULT_PACE: Pace = { syncMs: 30_000, heartbeatMs: 10_000, gatherMs: 200, suppliedMs: 5_000 };

export interface SiteOptions {
  readonly state: SiteState;
  /** Where others reach this site's access points, when its platform knows. */
  readonly host: string | null;
  readonly openDataPlane: OpenDataPlane;
  /** Keeps what the data plane shall be for its next start, should this process not be there to say so. */
  readonly keep?: ApplyingOptions['keep'];
  /** Which doors are open before the management plane was heard. */
  readonly doors?: Omit<DoorsOptions, 'changed'>;
  readonly log: Log;
  readonly pace?: Pace;
}

const SUPPLIED = 'it is not asked for: another is supplied as site-server';

/** What a site does once it has joined. */
interface Duties {
  readonly following: Following;
  readonly obtaining: Obtaining;
  readonly reporting: Reporting;
}

/** A site at work: joins if it has not, then makes its data plane what it shall be and reports what that is. */
export class SiteController {
  readonly state: SiteState;
  readonly troubles = new Troubles();
  readonly dataPlane: SiteDataPlane;
  readonly control: ControlLink;
  readonly applying: Applying;
  readonly doors: Doors;
  /** What the data plane said last; undefined while it is away. */
  observed: Observation | undefined;
  relayConnected = false;
  private readonly log: Log;
  private readonly pace: Pace;
  private readonly standing: Standing;
  private readonly joiner: Joiner;
  private readonly supplies: Supplies;
  private duties: Duties | undefined;
  private stopping = false;
  private running: Promise<Refusal | undefined> | undefined;
  private tidying = Promise.resolve();

  constructor(private readonly options: SiteOptions) {
    const { state, log, openDataPlane, keep, doors, pace = DEFAULT_PACE } = options;
    this.state = state;
    this.log = log;
    this.pace = pace;
    this.standing = new Standing({ state, troubles: this.troubles, log, observed: () => this.observed });
    const backOff = pace.backOff && { backOff: pace.backOff };
    this.dataPlane = openDataPlane({
      onConnected: () => this.relayCame(),
      onDisconnected: (why) => this.relayWent(why),
    });
    this.control = new ControlLink({
      open: () => {
        const direct = directControl(state);
        return direct ? streamTo(direct) : this.dataPlane.openControl();
      },
      ends: () => controlEnds(state),
      seldom: () => this.over() !== undefined,
      log,
      ...backOff,
    });
    const { troubles, control, dataPlane } = this;
    this.doors = new Doors({ ...doors, changed: () => this.doorsChanged() });
    this.supplies = new Supplies({
      ...{ paths: state.directory.paths, authority: state.serviceAuthority, ownServer: state.ownServer },
      ...{ everyMs: pace.suppliedMs, ...backOff },
      ...{ items: () => state.desired.understood.items, site: () => siteOf(state), troubles, log },
      changed: () => this.suppliesChanged(),
    });
    const wanted = () => wantedConfiguration(state, this.doors, this.supplies.now);
    const applied = () => this.reportSoon();
    this.applying = new Applying({ dataPlane, wanted, applied, troubles, log, ...(keep && { keep }), ...backOff });
    this.joiner = new Joiner({ state, control, troubles, log, ...backOff });
  }

  /** Why nobody lets this site in any more, if that is so, as of now. */
  over(): Over | undefined {
    return this.standing.look(this.control.connected, new Date());
  }

  /** Resolves when it was stopped, or with the refusal of a site that can never join. */
  run(): Promise<Refusal | undefined> {
    return (this.running ??= this.live());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.joiner.stop();
    this.doors.stop();
    await this.control.stop(); // what is being asked ends with it
    await Promise.allSettled([this.running]);
    const { following, obtaining, reporting } = this.duties ?? {};
    const { supplies, applying } = this;
    await Promise.all([following, obtaining, reporting, supplies, applying].map(async (duty) => duty?.stop()));
    await this.tidying;
    await this.dataPlane.close();
  }

  /** The management plane is known to have something new for this site. */
  syncNow(): void {
    this.duties?.following.now();
  }

  /** What there is to say about a certificate of this site. */
  certificateState(item: Parameters<Obtaining['stateOf']>[0]): ReturnType<Obtaining['stateOf']> {
    if (this.supplies.isToBeIssued(item) === false) return { state: 'applied', detail: SUPPLIED };
    return this.duties?.obtaining.stateOf(item) ?? { state: 'waiting', detail: 'this site has not joined yet' };
  }

  private async live(): Promise<Refusal | undefined> {
    this.watch();
    this.over();
    this.applying.start();
    this.supplies.start();
    this.control.start();
    const wasJoined = this.state.journal.joining?.status === 'joined';
    const outcome = await this.joiner.run();
    if (outcome?.status === 'refused') return outcome.refusal;
    if (outcome?.status !== 'joined' || this.stopping) return undefined;
    if (!wasJoined) this.log.info({ siteId: outcome.site.siteId, name: outcome.site.name }, 'joined');
    this.beSite(outcome.site);
    // What it asked with is no longer what it is.
    if (!wasJoined) await this.control.renew();
    return undefined;
  }

  private beSite({ siteId }: Site): void {
    const { control, log, troubles, pace, state } = this;
    const common = { siteId, control, log, troubles, ...(pace.backOff && { backOff: pace.backOff }) };
    const certificates = () => state.desired.understood.items.filter((item) => item.kind === 'certificate');
    const wanted = () => certificates().filter((item) => this.supplies.isToBeIssued(item) === true);
    const { doors } = this;
    const following = new Following({ ...common, store: state.desired, doors, everyMs: pace.syncMs });
    const changed = () => this.reportSoon();
    const obtaining = new Obtaining({ ...common, store: state.certificates, wanted, changed });
    const { heartbeatMs: everyMs, gatherMs } = pace;
    const reporting = new Reporting({ ...common, report: () => this.report(), everyMs, gatherMs });
    this.duties = { following, obtaining, reporting };
    for (const duty of [following, obtaining, reporting]) duty.start();
    this.tidy();
  }

  private watch(): void {
    const { journal, certificates, desired } = this.state;
    const changed = () => {
      this.over();
      this.applying.again();
      this.supplies.again();
      this.duties?.obtaining.again();
      this.reportSoon();
      this.tidy();
    };
    journal.onChange(changed);
    desired.onChange(changed);
    let site = certificates.get(SITE_CERTIFICATE)?.held;
    certificates.onChange(() => {
      changed();
      const now = certificates.get(SITE_CERTIFICATE)?.held;
      // The first one is taken up when joining is through.
      if (site && now !== site) void this.control.renew();
      site = now;
    });
    this.dataPlane.watch((observation) => this.saw(observation));
    this.control.onChange(() => {
      this.over();
      this.rememberPorts();
    });
  }

  private saw(observation: Observation): void {
    const ways = ({ links }: Observation): string => links.map(({ id, since }) => `${id} ${since}`).join();
    const before = this.observed;
    this.observed = observation;
    this.over();
    this.reportSoon();
    this.rememberPorts();
    // A link that came up may be the way to the management plane.
    if (!before || ways(before) !== ways(observation)) this.control.retryNow();
  }

  private doorsChanged(): void {
    const { items } = this.state.desired.understood;
    const shut = this.doors.shut(items);
    const isAnybodyOut = items.some((item) => item.kind === 'admission' && shut.has(item.access));
    if (isAnybodyOut) this.troubles.set('doors', new DoorsShut(), new Date());
    else this.troubles.clear('doors');
    this.log.info({ shut: [...shut], heard: this.doors.hasHeard }, 'doors');
    this.applying.again();
  }

  private suppliesChanged(): void {
    this.applying.again();
    this.duties?.obtaining.again();
    this.reportSoon();
  }

  private relayCame(): void {
    this.relayConnected = true;
    this.log.info({}, 'the relay is there');
    this.applying.again();
  }

  private relayWent(why: Error): void {
    if (this.relayConnected) this.log.warn({ reason: why.message }, 'the relay is away');
    this.relayConnected = false;
    this.observed = undefined;
    this.troubles.set('relay', why, new Date());
    this.reportSoon();
  }

  private report() {
    const { desired } = this.state;
    const { items, refused } = desired.understood;
    const certificateState = (item: Parameters<Obtaining['stateOf']>[0]) => this.certificateState(item);
    const { host } = this.options;
    const { proof, linkCertificates } = this.supplies;
    return reportOf({
      capability: desired.state.capability,
      version: VERSION,
      appliedRevision: desired.reachedWith(this.applying.appliedRevision),
      host,
      ...(proof !== undefined && { proof }),
      ...(linkCertificates && { linkCertificates }),
      items,
      refused,
      observed: this.observed,
      shut: this.doors.shut(items),
      certificateState,
    });
  }

  private reportSoon(): void {
    this.duties?.reporting.changed();
  }

  /** The relay forgets its ports; and while the management plane is away nobody else could be told of new ones. */
  private rememberPorts(): void {
    const { desired, boundPorts } = this.state;
    const remember = async (observation: Observation) => {
      const { items } = desired.understood;
      const ports = portsAfter(boundPorts.ports, items, observation, this.control.connected);
      if (await boundPorts.keep(ports)) this.applying.again();
    };
    const { observed } = this;
    if (observed) this.later('the ports of access points were not written down', () => remember(observed));
  }

  private tidy(): void {
    this.later('a certificate that is over was not forgotten', () => forgetWhatIsOver(this.state));
  }

  /** Writes to the disk in its turn. */
  private later(failure: string, work: () => Promise<void>): void {
    this.tidying = this.tidying.then(work).catch((error: unknown) => this.log.error({ err: error }, failure));
  }
}
