import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { observationSchema } from '@caravan/data-plane';
import { CLOCK, lookEvery, SERVICE } from '@caravan/platform';
import type { Clock, Condition, Service } from '@caravan/platform';
import { MANAGEMENT_SITE } from '../management-sites/registration.js';
import type { ManagementSiteConfig } from '../management-sites/registration.js';
import { SiteSightings } from '../reports/site-sightings.js';
import type { Sighting } from '../reports/site-sightings.js';

const LOOK_EVERY_MS = 2_000;
/** A site reports every ten seconds; one that missed two is away. */
const SILENT_AFTER_MS = 25_000;
const CONSEQUENCE = 'sites without a way of their own do not reach the management plane';

/** Whether the management plane's own site reports, and what it says of its relay: through it most sites come here. */
@Injectable()
export class ManagementSiteWatch implements OnApplicationShutdown {
  readonly #stop: () => void;
  readonly #from: Date;
  #trouble: Condition | undefined;

  constructor(
    private readonly sightings: SiteSightings,
    @Inject(MANAGEMENT_SITE) private readonly site: ManagementSiteConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) { health }: Service,
  ) {
    this.#from = clock.now();
    health.watch('management site', () => this.#trouble);
    this.#stop = lookEvery(LOOK_EVERY_MS, () => this.look());
  }

  onApplicationShutdown(): void {
    this.#stop();
  }

  private async look(): Promise<void> {
    // A database that is away says so itself.
    const sighting = await this.sightings.of(this.site.siteId).catch(() => null);
    if (sighting === null) return;
    this.#trouble = troubleOf(sighting, this.clock.now(), this.#from);
  }
}

/** What a last report means now. `from`: since when it was waited for. */
export function troubleOf(sighting: Sighting | undefined, now: Date, from: Date): Condition | undefined {
  const heardOf = sighting ? Date.parse(sighting.lastSeenAt) : 0;
  // Nobody could be heard before there was somebody to hear.
  if (now.getTime() - Math.max(heardOf, from.getTime()) > SILENT_AFTER_MS) {
    const last = sighting ? `since ${sighting.lastSeenAt}` : 'yet';
    return {
      says: `the management site has not reported ${last}: ${CONSEQUENCE}`,
      status: 'away',
      code: 'management-site.silent',
      remedy: 'start its supervisor, and look at the log of its site-controller',
      hinders: false,
    };
  }
  const observation = observationSchema.safeParse(sighting?.observation);
  if (!observation.success) return undefined;
  const wrong = Object.entries(observation.data.items).filter(([, { state }]) => state !== 'applied');
  const [first] = wrong;
  if (!first) return undefined;
  const [key, { state, detail = 'it says no more' }] = first;
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more` : '';
  return {
    says: `the management site says of ${key}: ${state}, ${detail}${more}. Until then ${CONSEQUENCE}`,
    code: 'management-site.not-applied',
    remedy:
      'look at the logs of that site: a relay that has ended is started again by itself, one that stands still has to be ended',
    hinders: false,
  };
}
