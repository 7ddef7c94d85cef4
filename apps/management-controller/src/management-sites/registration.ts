import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { startupMetadata } from '../deciding/metadata.js';

export const MANAGEMENT_SITE = Symbol('management site');
export interface ManagementSiteConfig {
  readonly siteId: string;
  readonly controlHost: string;
  readonly controlPort: number;
}

const RETRY_MS = 5_000;

/**
 * At every start the log is told where the management plane's own site finds the NATS server; mostly it knows. A log that does
 * not take that now is told later: the API does not wait for it, since what repairs a log comes by the API.
 */
@Injectable()
export class ManagementSiteRegistration implements OnApplicationBootstrap, OnApplicationShutdown {
  #trouble: string | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(
    private readonly deciders: Deciders,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(MANAGEMENT_SITE) private readonly config: ManagementSiteConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.service.health.watch('management site registration', () => this.#trouble);
    await this.register();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#again);
  }

  private async register(): Promise<void> {
    const { siteId, controlHost, controlPort } = this.config;
    const what = ['register management site', siteId, controlHost, String(controlPort)] as const;
    const metadata = startupMetadata(what, this.clock.now());
    const about = { siteId, name: 'management', controlHost, controlPort };
    try {
      await this.deciders.managementSite({ type: 'RegisterManagementSite', ...about, metadata });
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = `the log does not take where the NATS server is: ${(error as Error).message}`;
      this.service.log.warn({ err: error }, this.#trouble);
      this.#again = setTimeout(() => void this.register(), RETRY_MS).unref();
    }
  }
}
