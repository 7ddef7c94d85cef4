import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStateDirectory, PortBook, ProcessGroup, programsIn, startManagementPlane } from '@caravan/installation';
import type {
  ManagementPlane,
  ManagementPlaneOptions,
  ProcessSpec,
  Programs,
  ServiceName,
  StateDirectory,
  SupervisedProcess,
} from '@caravan/installation';
import { freeze, thaw } from '../frozen.js';
import { portRange } from '../ports.js';

export const workspaceRoot = fileURLToPath(new URL('../../../..', import.meta.url));

export interface TestInstallationOptions {
  /** Only these services, and no management site. */
  readonly only?: readonly ServiceName[];
  /** Its root's key is elsewhere: signs what is asked for, told what was said when that was missing. */
  readonly offlineRoot?: {
    readonly certificate: string;
    readonly sign: (state: StateDirectory, said: string) => string;
  };
  /** Called before anything is started, with the directory that everything will be in. */
  readonly prepare?: (state: StateDirectory) => Promise<void>;
}

const groupIn = (state: StateDirectory): Promise<ProcessGroup> =>
  ProcessGroup.open({ logDir: state.logs, runDir: state.run });

/** The first start of an installation whose root is offline ends with what is to be signed; the second is told where that is. */
async function askedOf(
  options: Omit<ManagementPlaneOptions, 'group'>,
  { certificate, sign }: NonNullable<TestInstallationOptions['offlineRoot']>,
): Promise<string[]> {
  const rootArguments = ['--root-certificate', certificate, '--offline'];
  const group = await groupIn(options.state);
  const said = await startManagementPlane({ ...options, group, rootArguments }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await group.stop();
  if (said === undefined) throw new Error('It started, and nobody had signed anything.');
  return ['--signed', sign(options.state, said)];
}

/** A management plane of its own, in a directory of its own, with real servers and processes; what a test stands on. */
export class TestInstallation {
  private constructor(
    readonly state: StateDirectory,
    readonly group: ProcessGroup,
    readonly programs: Programs,
    readonly ports: PortBook,
    readonly plane: ManagementPlane,
  ) {}

  static async start({ only, prepare, offlineRoot }: TestInstallationOptions = {}): Promise<TestInstallation> {
    const programs = programsIn(workspaceRoot);
    if (!existsSync(programs.managementController))
      throw new Error('The services are not built: run `npm run build` first.');
    const state = openStateDirectory(mkdtempSync(join(tmpdir(), 'caravan-')));
    const cacheDir = join(workspaceRoot, '.caravan', 'cache');
    const options = { state, programs, cacheDir, portRange, ...(only && { only }) };
    await prepare?.(state);
    const rootArguments = offlineRoot ? await askedOf(options, offlineRoot) : [];
    const group = await groupIn(state);
    try {
      const plane = await startManagementPlane({ ...options, group, rootArguments });
      return new TestInstallation(state, group, programs, PortBook.open(state.portsFile, portRange), plane);
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  get token(): string {
    return readFileSync(this.plane.tokenFile, 'utf8').trim();
  }

  /** The root's certificate. */
  get root(): string {
    return readFileSync(join(this.state.secrets, 'pki', 'root.pem'), 'utf8');
  }

  /** The log file of a process. */
  log(name: string): string {
    return readFileSync(join(this.state.logs, `${name}.log`), 'utf8');
  }

  /** What is said over NATS is in its log from here on. */
  traceNats(): void {
    appendFileSync(join(this.state.nats, 'nats-server.conf'), '\ntrace: true\n');
    this.signal('nats-server', 'SIGHUP');
  }

  /** `kill -9` of a service; it is started again. */
  killProcess(name: string): void {
    this.signal(name, 'SIGKILL');
  }

  /** Stops a process in its tracks: it is there, and neither answers nor does anything, until it is thawed. */
  freeze(name: string): Promise<void> {
    return freeze(this.pidOf(name));
  }

  thaw(name: string): void {
    thaw(this.pidOf(name));
  }

  /** Ends a process in good order and leaves it so; gives back what starts it again. */
  takeDown(name: string): Promise<() => Promise<void>> {
    return this.group.takeDown(name);
  }

  /** What a process was told: for a program that an operator runs beside it. */
  environmentOf(name: string): Record<string, string> {
    const variables = readFileSync(`/proc/${this.pidOf(name)}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean);
    return Object.fromEntries(
      variables.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
    );
  }

  /** The present process of a service or server. */
  pidOf(name: string): number {
    return (JSON.parse(readFileSync(join(this.state.run, `${name}.pid`), 'utf8')) as { pid: number }).pid;
  }

  /** A port, by the name under which it was chosen. */
  portOf(name: string): number {
    const port = (JSON.parse(readFileSync(this.state.portsFile, 'utf8')) as Record<string, number>)[name];
    if (port === undefined) throw new Error(`${this.state.portsFile} has no port called ${name}`);
    return port;
  }

  private signal(name: string, signal: NodeJS.Signals): void {
    process.kill(this.pidOf(name), signal);
  }

  run(spec: ProcessSpec): Promise<SupervisedProcess> {
    return this.group.start(spec);
  }

  async stop(): Promise<void> {
    await this.group.stop();
    if (process.env['CARAVAN_KEEP'] === undefined) rmSync(this.state.root, { recursive: true, force: true });
  }
}
