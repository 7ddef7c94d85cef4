import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import type { Looking } from '../directory/looking.js';
import { phaseOf } from '../networks/window.js';
import { SiteSightings } from '../reports/site-sightings.js';
import type { Unconfirmed } from '../reports/site-sightings.js';
import type { Confirmation } from './rotation.js';
import { reachable } from '../directory/who.js';
import { concernOf } from './concern.js';
import { Hearing } from './hearing.js';
import { InstallationProgress } from './installation-progress.js';
import type { OtherWait } from './installation-progress.js';
import type { RunningRotation } from './running-rotations.js';

const LOOK_EVERY_MS = 500;
const LISTEN_EVERY_MS = 5_000;
const MOST_NAMED = 100;

const FROM_ISSUER =
  'is not made yet: is cert-service running? One that is signed elsewhere waits for its certificate: caravan get authority-requests';
const FROM_ROOT = 'is not made yet: is cert-service running? A root of your own is brought by cert-service init --next';

/** How far the phase of a rotation has come. */
export interface Progress {
  readonly concerned: number;
  readonly waitingFor: readonly Unconfirmed[];
  /** What is no site. It is waited for always. */
  readonly alsoWaitingFor: readonly OtherWait[];
}

/**
 * Sees when a phase of a rotation is over, by what sites report, and says so. Any number of replicas may look: the rotation's stream
 * decides once, and whoever saw the same too late changes nothing.
 */
@Injectable()
export class RotationAdvancing {
  readonly #looking: Pick<Looking, 'isOver'>;
  readonly #hearing = new Hearing();
  #listened = 0;

  constructor(
    private readonly deciders: Deciders,
    private readonly sightings: SiteSightings,
    private readonly directory: Directory,
    @Inject(DirectoryFold) fold: Pick<DirectoryFold, 'lookAgain'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(InstallationProgress) private readonly installation: Pick<InstallationProgress, 'waitingFor'>,
  ) {
    this.#looking = fold.lookAgain(() => this.look(), LOOK_EVERY_MS);
  }

  /** Whom a rotation waits for now: first for its authorities, and for nobody once it is over. */
  async progressOf({ ownerId, id }: { readonly ownerId: string; readonly id: string }): Promise<Progress> {
    const rotation = this.directory.rotations.of(ownerId);
    if (rotation?.rotationId !== id) return { concerned: 0, waitingFor: [], alsoWaitingFor: [] };
    const progress = await this.#progressOf(rotation);
    return progress ?? { concerned: 0, waitingFor: [], alsoWaitingFor: this.#authoritiesOf(rotation) };
  }

  /** Looks at each rotation that is under way. What fails now is done at the next look. */
  async look(): Promise<void> {
    await this.#listen();
    for (const rotation of this.directory.rotations.values()) {
      if (rotation.isPaused || this.#looking.isOver) continue;
      try {
        const seen = await this.#overWith(rotation);
        if (seen) await this.#advance(rotation, seen);
      } catch (error) {
        const { rotationId, phase } = rotation;
        this.service.log.warn({ err: error, rotationId, phase }, 'a rotation was not advanced; it is looked at again');
      }
    }
  }

  #authoritiesOf({ ownerId, ordinal, owner: { kind } }: RunningRotation): OtherWait[] {
    const detail = kind === 'installation' ? FROM_ROOT : FROM_ISSUER;
    return this.directory.rotations.missing(ownerId).map((of) => ({ what: `${of} authority ${ordinal}`, detail }));
  }

  async #listen(): Promise<void> {
    if (this.clock.now().getTime() - this.#listened < LISTEN_EVERY_MS) return;
    this.#listened = this.clock.now().getTime();
    try {
      this.#hearing.heard(await this.sightings.newest(), this.clock.now());
    } catch (error) {
      this.#hearing.heard(undefined, this.clock.now());
      this.service.log.warn({ err: error }, 'what sites said last cannot be read');
    }
  }

  async #progressOf(rotation: RunningRotation): Promise<Progress | undefined> {
    const { position } = rotation;
    if (position === undefined) return undefined;
    const { sites: concerned, items } = concernOf(rotation, this.directory);
    const sites = reachable(this.directory, concerned, this.clock.now());
    const waitingFor = await this.sightings.notAsOf(sites, position, items);
    const isInstallation = rotation.owner.kind === 'installation';
    const alsoWaitingFor = isInstallation ? await this.installation.waitingFor(rotation) : [];
    return { concerned: sites.length, waitingFor, alsoWaitingFor };
  }

  /** How the phase ended; undefined: it has not. */
  async #overWith(rotation: RunningRotation): Promise<Confirmation | undefined> {
    if (this.#isPointless(rotation)) return { confirmed: 0, without: 0, withoutSites: [] };
    const progress = await this.#progressOf(rotation);
    if (!progress) return undefined;
    const { concerned, waitingFor, alsoWaitingFor } = progress;
    if (alsoWaitingFor.length > 0) return undefined;
    if (waitingFor.length > 0 && !this.#mayGoOnWithout(waitingFor, rotation)) return undefined;
    const withoutSites = waitingFor.slice(0, MOST_NAMED).map(({ siteId }) => siteId);
    return { confirmed: concerned - waitingFor.length, without: waitingFor.length, withoutSites };
  }

  /** Nobody comes in by the authorities of a network that is gone or over, and none are made for it. */
  #isPointless({ owner }: RunningRotation): boolean {
    if (owner.kind !== 'network') return false;
    const window = this.directory.networks.get(owner.networkId);
    return window === undefined || phaseOf(window, this.clock.now()) === 'ended';
  }

  /** Never without one that is there: it would be cut off by what it has not heard of yet. */
  #mayGoOnWithout(waitingFor: readonly Unconfirmed[], { patienceSeconds, since }: RunningRotation): boolean {
    const now = this.clock.now();
    if (patienceSeconds === null || now.getTime() - Date.parse(since) < patienceSeconds * 1000) return false;
    return waitingFor.every(({ lastSeenAt }) => this.#hearing.isAway(lastSeenAt, now));
  }

  async #advance({ ownerId, rotationId, phase: from }: RunningRotation, seen: Confirmation): Promise<void> {
    const metadata = watchMetadata(['advance rotation', rotationId, from], this.clock.now());
    await this.deciders.rotation({ type: 'AdvanceRotation', ownerId, rotationId, from, ...seen, metadata });
    this.service.log.info({ rotationId, over: from, ...seen }, 'a phase of a rotation is over');
  }
}
