import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiClient, getLocalState, siteApiFileSchema } from '@caravan/api';
import type { ApiClient, BundleFile, InvitationFile, LocalState } from '@caravan/api';
import type { SupervisedProcess } from '@caravan/installation';
import { eventually } from '../eventually.js';
import { freeze, thaw, whileFrozen } from '../frozen.js';
import { descendantsOf, programOf } from './processes.js';
import type { TestInstallation } from './test-installation.js';

/** The processes of a site, by their programs. */
const PROGRAMS = {
  supervisor: 'site-controller/supervisor',
  controller: 'site-controller/main',
  relay: 'relay/main',
} as const;
/** Whose state is asked for may be a frozen process that goes on later. */
const ASKED_AGAIN_AFTER_MS = 5_000;
/** Of its logs, for who waits in vain. */
const LINES = 20;
export type SiteProcess = keyof typeof PROGRAMS;

/** A site that runs as real sites do: its supervisor as a process of the test, which starts the rest. */
export class TestSite {
  private constructor(
    private readonly installation: TestInstallation,
    readonly name: string,
    readonly dir: string,
    public supervisor: SupervisedProcess,
    readonly firstFile: string,
  ) {}

  /** With which it is started again; undefined: with none. */
  file: string | undefined;

  static async start(installation: TestInstallation, name: string, file: string): Promise<TestSite> {
    const dir = join(installation.state.sites, name);
    const supervisor = await TestSite.supervise(installation, name, ['--dir', dir, '--file', file]);
    return new TestSite(installation, name, dir, supervisor, file);
  }

  private static supervise(
    installation: TestInstallation,
    name: string,
    args: readonly string[],
  ): Promise<SupervisedProcess> {
    return installation.run({
      name: `site-${name}`,
      command: installation.programs.siteSupervisor,
      args,
      env: { ...process.env, CARAVAN_PARENT: 'stdin', SITE_HOST: '127.0.0.1' },
      restart: 'never',
    });
  }

  /** On what it has on its disk, once its supervisor has ended. */
  async startAgain(): Promise<void> {
    const file = this.file === undefined ? [] : ['--file', this.file];
    this.supervisor = await TestSite.supervise(this.installation, this.name, ['--dir', this.dir, ...file]);
  }

  /** As who joins with a file in its folder. */
  async startWith(file: InvitationFile | BundleFile): Promise<void> {
    await this.stop();
    this.file = join(dirname(this.firstFile), `${this.name}-again.site.json`);
    writeFileSync(this.file, JSON.stringify(file), { mode: 0o600 });
    await this.startAgain();
  }

  /** Its local API; undefined while there is none. */
  api(timeoutMs?: number): ApiClient | undefined {
    const at = this.localApi();
    return at && apiClient({ ...at, ...(timeoutMs !== undefined && { timeoutMs }) });
  }

  /** Where its local API is and what opens it; undefined while there is none. */
  localApi(): { readonly url: string; readonly token: string } | undefined {
    const file = join(this.dir, 'api.json');
    if (!existsSync(file)) return undefined;
    const { url, tokenFile } = siteApiFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { url, token: readFileSync(tokenFile, 'utf8').trim() };
  }

  /** What it says of itself; undefined while it does not answer. */
  async state(): Promise<LocalState | undefined> {
    return this.api(ASKED_AGAIN_AFTER_MS)
      ?.call(getLocalState, {})
      .catch(() => undefined); // it is starting, or was just killed
  }

  until(what: string, reached: (state: LocalState) => boolean, withinMs?: number): Promise<LocalState> {
    let state: LocalState | undefined;
    return eventually(
      () =>
        `${this.name} ${what} (it says ${JSON.stringify(state) ?? 'nothing'}; its last lines:\n${this.lastLines()})`,
      async () => {
        state = await this.state();
        return state && reached(state) ? state : undefined;
      },
      withinMs === undefined ? {} : { withinMs },
    );
  }

  connected(withinMs?: number): Promise<LocalState> {
    return this.until('is joined and connected', ({ step, connected }) => step === 'joined' && connected, withinMs);
  }

  /** Among its troubles, with words of what to do. */
  says(code: string, words: string): Promise<LocalState> {
    return this.until(`says ${code} and ${words}`, ({ troubles }) =>
      troubles.some((trouble) => trouble.code === code && trouble.detail.includes(words)),
    );
  }

  /** Process ids of its supervisor and of what that started. */
  processes(): number[] {
    const { pid } = this.supervisor;
    return pid === undefined ? [] : [pid, ...descendantsOf(pid)];
  }

  /** One of its processes, while it runs. */
  pid(which: SiteProcess): number | undefined {
    return this.processes().find((each) => programOf(each) === PROGRAMS[which]);
  }

  /** `kill -9`. The supervisor starts the two others again. */
  kill(which: SiteProcess): void {
    process.kill(this.running(which), 'SIGKILL');
  }

  /** Stops one of its processes in its tracks until it is thawed. */
  freeze(which: SiteProcess): Promise<void> {
    return freeze(this.running(which));
  }

  thaw(which: SiteProcess): void {
    thaw(this.running(which));
  }

  /** Does the work while one of its processes stands still. */
  whileFrozen<T>(which: SiteProcess, work: () => Promise<T>): Promise<T> {
    return whileFrozen([this.running(which)], work);
  }

  private running(which: SiteProcess): number {
    const pid = this.pid(which);
    if (pid === undefined) throw new Error(`${this.name} has no ${which} process`);
    return pid;
  }

  stop(): Promise<void> {
    return this.installation.group.remove(this.supervisor);
  }

  private lastLines(): string {
    return this.logs().trimEnd().split('\n').slice(-LINES).join('\n');
  }

  logs(): string {
    const dir = join(this.dir, 'logs');
    return existsSync(dir)
      ? readdirSync(dir)
          .map((file) => readFileSync(join(dir, file), 'utf8'))
          .join('')
      : '';
  }
}
