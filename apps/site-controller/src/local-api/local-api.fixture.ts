import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { apiClient, siteApiFileSchema } from '@caravan/api';
import type { ApiError, SiteFile } from '@caravan/api';
import { eventually } from '@caravan/testing';
import { useManagement } from '../control/management.fixture.js';
import type { TestManagement } from '../control/management.fixture.js';
import { silentLog } from '../log.js';
import { FakeManagementPlane } from '../management-plane.fixture.js';
import { NETWORK_ID, SITE_ID, TestSites } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { ApiServer } from './api-server.js';

export const LISTENER_ID = '0198c0de-0000-7000-8000-000000001111';
export const newListener = { address: 'inventory', port: 8080 };
export const PID = 4711;

/** A site whose local API is open, and who calls it. */
export interface Opened {
  readonly dir: string;
  readonly site: TestSite;
  readonly url: string;
  readonly token: string;
  readonly call: ReturnType<typeof apiClient>['call'];
}

/** The local APIs of a spec file, and the management plane of each test: one that admits the site and gives it a link. */
export class LocalApis {
  plane!: FakeManagementPlane;
  readonly sites: TestSites;
  readonly servers: ApiServer[] = [];

  constructor(readonly management: () => TestManagement) {
    this.sites = new TestSites(management);
  }

  async begin(): Promise<void> {
    this.plane = new FakeManagementPlane(this.management());
    await this.plane.start();
    this.plane.join = this.plane.admitMember(NETWORK_ID, SITE_ID, [this.sites.link('site')]);
    this.plane.items = [this.sites.link('site')];
  }

  async end(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => server.close()));
    await this.sites.end();
    await this.plane.stop();
  }

  opened(file?: SiteFile, dir = this.sites.directory()): Promise<Opened> {
    return this.#open(dir, file ?? this.sites.invitation());
  }

  /** As it was: started again, without its file. */
  reopened(dir: string): Promise<Opened> {
    return this.#open(dir);
  }

  async #open(dir: string, file?: SiteFile): Promise<Opened> {
    const site = await this.sites.start(dir, file);
    this.servers.push(await ApiServer.open(site.controller, silentLog, PID));
    const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
    const token = readFileSync(tokenFile, 'utf8').trim();
    return { dir, site, url, token, call: apiClient({ url, token }).call };
  }

  /** Opened, and as far as the management plane wants it. */
  async joined(): Promise<Opened> {
    const api = await this.opened();
    await api.site.run;
    await eventually(
      'it reports the last revision',
      () => this.plane.reports.at(-1)?.appliedRevision === this.plane.revision,
    );
    const { certificates } = api.site.controller.state;
    await eventually('it forgets its claim', () => certificates.get('claim') === undefined);
    return api;
  }
}

/** For a spec file or a `describe`; its hooks are set. */
export function useLocalApis(): LocalApis {
  const apis = new LocalApis(useManagement());
  beforeEach(() => apis.begin());
  afterEach(() => apis.end());
  return apis;
}

export const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: ApiError) => [error.problem.status, error.problem.code],
  );
