import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { startupMetadata } from '../deciding/metadata.js';

export const MANAGEMENT_SITE = Symbol('management site');
export interface ManagementSiteConfig {
  readonly siteId: string;
  readonly controlHost: string;
  readonly controlPort: number;
}

/** At every start the log is told where the management plane's own site finds the NATS server; mostly it knows. */
@Injectable()
export class ManagementSiteRegistration implements OnApplicationBootstrap {
  constructor(
    private readonly deciders: Deciders,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MANAGEMENT_SITE) private readonly config: ManagementSiteConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { siteId, controlHost, controlPort } = this.config;
    const what = ['register management site', siteId, controlHost, String(controlPort)] as const;
    const metadata = startupMetadata(what, this.clock.now());
    await this.deciders.managementSite({
      type: 'RegisterManagementSite',
      siteId,
      name: 'management',
      controlHost,
      controlPort,
      metadata,
    });
  }
}
