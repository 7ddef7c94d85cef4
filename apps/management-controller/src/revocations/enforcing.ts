import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import type { Looking } from '../directory/looking.js';
import { SiteSightings } from '../reports/site-sightings.js';
import type { Unconfirmed } from '../reports/site-sightings.js';
import { reachable } from '../directory/who.js';
import { MOST_AT_ONCE } from './revocation.js';
import type { SiteConfirmation } from './revocation.js';
import type { RunningRevocation } from './running-revocations.js';

/** What is shown is at most so much later than what was heard; what is measured is when it was heard. */
const LOOK_EVERY_MS = 250;

interface Seen {
  readonly confirmations: readonly SiteConfirmation[];
  readonly waitingFor: readonly Unconfirmed[];
}

/**
 * Sees who enforces a revocation, by what sites report, and records it. Any number of replicas may look: the revocation's stream takes
 * each confirmation once. A site that is away has not confirmed, however long: it enforces before it admits anybody again, and then says so.
 */
@Injectable()
export class RevocationEnforcing {
  readonly #looking: Pick<Looking, 'isOver'>;

  constructor(
    private readonly deciders: Deciders,
    private readonly sightings: SiteSightings,
    private readonly directory: Directory,
    @Inject(DirectoryFold) fold: Pick<DirectoryFold, 'lookAgain'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {
    this.#looking = fold.lookAgain(() => this.look(), LOOK_EVERY_MS);
  }

  /** Whom a revocation waits for now; nobody once it is enforced. */
  async waitingFor(revocationId: string): Promise<readonly Unconfirmed[]> {
    const revocation = this.directory.revocations.of(revocationId);
    return revocation ? (await this.#seenOf(revocation)).waitingFor : [];
  }

  /** Everybody who has to confirm it but is not among `confirmed`. Undefined where the log knows of nobody who is missing any more. */
  async unconfirmed(revocationId: string, confirmed: ReadonlySet<string>): Promise<Unconfirmed[] | undefined> {
    const revocation = this.directory.revocations.of(revocationId);
    if (!revocation) return undefined;
    const { confirmations, waitingFor } = await this.#seenOf({ ...revocation, confirmed });
    const detail = 'it has said so, and that is not recorded yet';
    return [...waitingFor, ...confirmations.map(({ siteId, at }) => ({ siteId, lastSeenAt: at, detail }))];
  }

  /** Looks at each revocation that is not enforced everywhere. What fails now is done at the next look. */
  async look(): Promise<void> {
    for (const revocation of this.directory.revocations.values()) {
      if (this.#looking.isOver) return;
      try {
        await this.#record(revocation);
      } catch (error) {
        const { revocationId } = revocation;
        this.service.log.warn(
          { err: error, revocationId },
          'who enforces a revocation was not recorded; it is looked at again',
        );
      }
    }
  }

  async #seenOf({ enforcers, position, confirmed }: RunningRevocation): Promise<Seen> {
    const { items, capability } = enforcers;
    const sites = reachable(this.directory, enforcers.sites, this.clock.now());
    const open = sites.filter((siteId) => !confirmed.has(siteId));
    const waitingFor = await this.sightings.notAsOf(open, position, items, capability);
    const missing = new Set(waitingFor.map(({ siteId }) => siteId));
    const times = await this.sightings.lastSeen(open.filter((siteId) => !missing.has(siteId)));
    return { confirmations: [...times].map(([siteId, at]) => ({ siteId, at })), waitingFor };
  }

  async #record(revocation: RunningRevocation): Promise<void> {
    const { confirmations, waitingFor } = await this.#seenOf(revocation);
    const { revocationId } = revocation;
    const sites = confirmations.slice(0, MOST_AT_ONCE);
    const isEnforced = waitingFor.length === 0 && sites.length === confirmations.length;
    if (sites.length === 0 && !isEnforced) return;
    const what = [
      'record enforcement',
      revocationId,
      String(isEnforced),
      ...sites.map(({ siteId }) => siteId).sort(),
    ] as const;
    const metadata = watchMetadata([...what], this.clock.now());
    await this.deciders.revocation({ type: 'RecordEnforcement', revocationId, sites, isEnforced, metadata });
    this.service.log.info({ revocationId, confirmed: sites.length, isEnforced }, 'a revocation is enforced at these');
  }
}
