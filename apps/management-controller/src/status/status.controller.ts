import { Controller, Inject } from '@nestjs/common';
import { getSiteState, getStatus } from '@caravan/api';
import { observationSchema } from '@caravan/data-plane';
import { Rejection } from '@caravan/event-store';
import { CLOCK, LogLook, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { DesiredState } from '../desired-state/desired-state.js';
import { Directory } from '../directory/directory.js';
import { INSTALLATION } from '../installation.js';
import { ReadModels } from '../read-models/read-models.js';
import { SiteSightings } from '../reports/site-sightings.js';
import { VERSION } from '../version.js';
import { withReasons } from './access-point-reasons.js';
import { listsWithin, withLists } from './lists.js';
import type { Lists } from './lists.js';
import { Peers } from './peers.js';

const COUNTED_WITHIN_MS = 2_000;

@Controller()
export class StatusController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly directory: Directory,
    private readonly desiredState: DesiredState,
    private readonly sightings: SiteSightings,
    private readonly peers: Peers,
    private readonly logLook: LogLook,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {}

  @Handle(getStatus)
  async status() {
    const { name, health } = this.service;
    const lists = await this.lists(); // first: what went wrong meanwhile is told with it
    const at = this.clock.now().toISOString();
    const own = { service: name, conditions: health.conditions(), followers: health.followers.states() };
    const reports = [own, ...this.peers.reports()];
    const reported = reports.flatMap(({ service, conditions }) =>
      conditions.map(({ component, says, ...condition }) => ({ service, name: component, detail: says, ...condition })),
    );
    const parts = withLists(reported, name, lists, at);
    return {
      installation: this.installation,
      version: VERSION,
      status: parts.every(({ status }) => status === 'ok') ? ('ok' as const) : ('degraded' as const),
      at,
      parts,
      logEnd: this.logLook.end ?? null,
      followers: reports.flatMap(({ service, followers }) => followers.map((each) => ({ service, ...each }))),
      counts: lists.status === 'counted' ? lists.counts : null,
    };
  }

  @Handle(getSiteState)
  async site(@TheCall() { params: { siteId } }: Call<typeof getSiteState>) {
    const kind = this.kindOf(siteId);
    const [desired, sighting] = await Promise.all([this.desiredState.of('site', siteId, 0), this.sightings.of(siteId)]);
    const observation = sighting && observationSchema.parse(sighting.observation);
    return {
      siteId,
      kind,
      lastSeenAt: sighting?.lastSeenAt ?? null,
      version: sighting?.version ?? null,
      desired: { revision: desired.revision, items: [...desired.items] },
      observed: observation
        ? {
            appliedRevision: sighting.appliedRevision,
            items: withReasons(observation.items, desired.items),
            links: observation.links,
          }
        : null,
    };
  }

  private lists(): Promise<Lists> {
    const { backbones, backboneSites, networks, invitations, members, certificates } = this.readModels;
    const counted = { backbones, backboneSites, networks, invitations, members, certificates };
    const counting = Promise.all(
      Object.entries(counted).map(async ([name, readModel]) => [name, await readModel.count()] as const),
    ).then(Object.fromEntries<number>);
    return listsWithin(COUNTED_WITHIN_MS, counting);
  }

  private kindOf(siteId: string): 'backbone' | 'member' | 'management' {
    if (this.directory.members.has(siteId)) return 'member';
    if (this.directory.backboneSites.has(siteId)) return 'backbone';
    if (this.directory.managementSites.has(siteId)) return 'management';
    throw new Rejection('site.unknown', { siteId });
  }
}
