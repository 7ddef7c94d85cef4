import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import { SiteSightings } from './site-sightings.js';

const LOOK_EVERY_MS = 600_000;
/** So long nobody heard of it: neither a last report that was under way is in the way, nor a site that came in just now. */
const SILENT_FOR_MS = 600_000;

/**
 * Takes out of the live table what sites said that are gone. It looks at who is there and not at what happened, so that a removal
 * while nobody looked is found by the next look.
 */
@Injectable()
export class DepartedSites implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly sightings: SiteSightings,
    private readonly directory: Directory,
    @Inject(DirectoryFold) private readonly fold: Pick<DirectoryFold, 'begun'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  onApplicationBootstrap(): void {
    const begin = async (): Promise<void> => {
      await this.fold.begun; // before that, everybody would be a stranger
      if (this.#isStopped) return;
      this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
      await this.look();
    };
    void begin();
  }

  onApplicationShutdown(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** What fails now is done at the next look. */
  async look(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - SILENT_FOR_MS);
    try {
      const silent = await this.sightings.silentSince(before);
      const departed = silent.filter((siteId) => !isThere(this.directory, siteId));
      if (departed.length === 0) return;
      await this.sightings.forget(departed, before);
      this.service.log.info({ sites: departed.length }, 'what sites said last that are gone is forgotten');
    } catch (error) {
      this.service.log.warn({ err: error }, 'what sites said last that are gone is not forgotten yet');
    }
  }
}

/** @throws Rejection `directory.halted` where that is not known */
const isThere = ({ members, backboneSites, managementSites }: Directory, siteId: string): boolean =>
  [members, backboneSites, managementSites].some((register) => register.has(siteId));
