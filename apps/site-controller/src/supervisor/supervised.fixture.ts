import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { apiClient, getLocalState, siteApiFileSchema } from '@caravan/api';
import type { LocalState, SiteFile } from '@caravan/api';
import { eventually } from '@caravan/testing';
import { useManagement } from '../control/management.fixture.js';
import { FakeManagementPlane } from '../management-plane.fixture.js';
import { TestSites } from '../site.fixture.js';
import { startSupervisor } from './processes.fixture.js';
import type { RunningSupervisor } from './processes.fixture.js';

/** Of whom is signalled. No number stands for one that is not there: `kill` takes -1 for everybody. */
export function pidOf(supervisor: RunningSupervisor, script: 'relay' | 'site-controller'): number {
  const pid = supervisor.child(script);
  if (pid === undefined) throw new Error(`there is no ${script}:\n${supervisor.output()}`);
  return pid;
}

/** What is said of a site beyond its directory: its file, unless it was taken before, and where its supervisor's words go. */
interface Start {
  readonly file?: SiteFile | null;
  readonly env?: NodeJS.ProcessEnv;
  readonly says?: string;
}

/** Before each test of a file: a management plane beside which the processes of sites run in folders below `root`; after it they end. */
export class Supervised {
  readonly sites: TestSites;
  plane!: FakeManagementPlane;
  root!: string;
  readonly #supervisors: RunningSupervisor[] = [];

  constructor() {
    const management = useManagement();
    this.sites = new TestSites(management);
    beforeEach(async () => {
      this.root = mkdtempSync(join(tmpdir(), 'caravan-supervised-'));
      this.plane = new FakeManagementPlane(management());
      this.plane.items = [];
      await this.plane.start();
    });
    afterEach(async () => {
      for (const { process, exited } of this.#supervisors.splice(0)) {
        process.kill('SIGTERM');
        await exited;
      }
      await this.sites.end();
      await this.plane.stop();
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  /** Its directory, below `root`. */
  dir(name = 'site'): string {
    return join(this.root, name);
  }

  readonly start = (dir: string, { file = null, env = {}, says }: Start = {}): RunningSupervisor => {
    const path = this.dir('file.json');
    if (file) writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
    const supervisor = startSupervisor(dir, file ? ['--file', path] : [], env, says);
    this.#supervisors.push(supervisor);
    return supervisor;
  };

  /** Until it has reported. Without `file`: that of a management site. */
  readonly running = async (dir: string, { file = this.sites.managementFile(), env = {} }: Start = {}) => {
    const supervisor = this.start(dir, { file, env });
    await eventually('a report', () => this.plane.reports.length > 0);
    const pids = () => [pidOf(supervisor, 'relay'), pidOf(supervisor, 'site-controller')] as const;
    return { supervisor, pids };
  };
}

/** What the site in a directory says of itself. */
export async function stateOf(dir: string): Promise<LocalState> {
  const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(join(dir, 'api.json'), 'utf8')));
  return apiClient({ url, token: readFileSync(tokenFile, 'utf8').trim() }).call(getLocalState, {});
}
