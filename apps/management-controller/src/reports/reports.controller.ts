import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { observationSchema } from '@caravan/data-plane';
import type { ItemState, Observation } from '@caravan/data-plane';
import { reportSchema, sitePattern } from '@caravan/events';
import type { Report } from '@caravan/events';
import { CLOCK, Message, parsed, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { anyHost } from '../backbones/addresses.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import type { AccessPointEntry } from '../directory/entries.js';
import { siteMetadata } from '../deciding/metadata.js';
import { SiteSightings } from './site-sightings.js';

/** Sites say what they observe. Most of it is live; where an access point is reached is a decision, and becomes an event. */
@Controller()
export class ReportsController {
  constructor(
    private readonly sightings: SiteSightings,
    private readonly deciders: Deciders,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('report'))
  async report(@SubjectId() siteId: string, @Message(reportSchema) report: Report): Promise<{ ok: true }> {
    const observation: Observation = parsed(observationSchema, report.observation);
    await this.sightings.record(siteId, { ...report, observation }, this.clock.now());
    for (const { accessPointId, entry, port } of this.ports(siteId, observation)) {
      await this.address(accessPointId, entry, hostOf(entry, report.host), port);
    }
    return { ok: true };
  }

  private *ports(siteId: string, { items }: Observation) {
    for (const [key, state] of Object.entries(items)) {
      const [kind, accessPointId = ''] = key.split('/');
      const entry = this.directory.accessPoints.get(accessPointId);
      if (kind !== 'access-point' || entry?.siteId !== siteId) continue;
      const port = portOf(entry, state);
      if (port !== undefined) yield { accessPointId, entry, port };
    }
  }

  private async address(id: string, entry: AccessPointEntry, host: string | undefined, port: number): Promise<void> {
    if (host === undefined || entry.byOperator || (entry.host === host && entry.port === port)) return;
    const now = this.clock.now();
    const what = ['access point address', id, host, String(port), now.toISOString()] as const;
    await this.deciders.backbone({
      type: 'AddressAccessPoint',
      backboneId: entry.backboneId,
      accessPointId: id,
      host,
      port,
      reportedBy: entry.siteId,
      metadata: siteMetadata({ kind: 'backbone-site', id: entry.siteId }, [...what], now),
    });
  }
}

/**
 * The port that was bound. Bound to all hosts it listens only once it has a certificate, and gets that only for a host: where the
 * port was chosen, it has its address before it listens.
 */
const portOf = ({ bindHost, bindPort }: AccessPointEntry, { state, port }: ItemState): number | undefined =>
  port ?? (state === 'waiting' && anyHost.has(bindHost) && bindPort !== 0 ? bindPort : undefined);

/** Bound to one address it is reached there; bound to all, only the site's platform knows where. */
const hostOf = ({ bindHost }: AccessPointEntry, reported: string | null): string | undefined =>
  anyHost.has(bindHost) ? (reported ?? undefined) : bindHost;
