import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianArchives } from './apt-sources.js';
import { chooseCandidate } from './candidates.js';
import type { Candidate } from './candidates.js';
import { unpackDebianNatsServer } from './debian-package.js';
import { debianCodename, readAptSources } from './machine.js';
import { runProgram } from './run-program.js';
import { MINIMUM_NATS_SERVER, parseVersion, showVersion } from './version.js';
import type { Version } from './version.js';

export interface FindOptions {
  /** The project's cache; the program is kept in `<cacheDir>/nats-server/`. */
  readonly cacheDir: string;
  /** Default `process.env`: `NATS_SERVER_BIN` and `PATH` are looked at. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told each thing worth knowing, a line at a time: what is passed over, what is downloaded. */
  readonly say?: (line: string) => void;
  /** Where the machine's settings lie; other than `/etc` in tests only. */
  readonly etc?: string;
}

export interface FoundNatsServer {
  readonly path: string;
  readonly version: Version;
  readonly from: Candidate['from'] | 'download';
}

const WANTED = `nats-server ${showVersion(MINIMUM_NATS_SERVER)} or newer`;
const REMEDY = `Install ${WANTED} and put it on PATH, or name it in NATS_SERVER_BIN=/path/to/nats-server.`;

async function examine(path: string, from: Candidate['from']): Promise<Candidate> {
  const { code, stdout, stderr } = await runProgram(path, ['--version'], { timeoutMs: 10_000 });
  const version = code === 0 ? parseVersion(stdout || stderr) : undefined;
  return version ? { path, from, version } : { path, from, version, problem: (stderr || stdout).trim().slice(0, 200) };
}

function places(cached: string, env: NodeJS.ProcessEnv): { path: string; from: Candidate['from'] }[] {
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((dir) => join(dir, 'nats-server'))
    .filter((path) => existsSync(path));
  return [
    ...onPath.map((path) => ({ path, from: 'PATH' as const })),
    ...(existsSync(cached) ? [{ path: cached, from: 'cache' as const }] : []),
  ];
}

async function download(target: string, etc: string, say: (line: string) => void): Promise<FoundNatsServer> {
  const release = ['os-release'].map((name) => join(etc, name)).find(existsSync);
  const codename = release === undefined ? undefined : debianCodename(readFileSync(release, 'utf8'));
  if (codename === undefined)
    throw new Error(`No ${WANTED} was found, and only on Debian can it be fetched. ${REMEDY}`);
  const archives = debianArchives(readAptSources(join(etc, 'apt')), codename);
  if (archives.length === 0)
    throw new Error(`No ${WANTED} was found, and ${join(etc, 'apt')} names no Debian archive. ${REMEDY}`);
  const refusals: string[] = [];
  for (const archive of archives) {
    say(`fetching nats-server from ${archive.uri}, the Debian mirror of this machine`);
    try {
      await unpackDebianNatsServer(archive, target);
      const { chosen, passedOver } = chooseCandidate([await examine(target, 'cache')]);
      if (chosen) return { path: target, version: chosen.version, from: 'download' };
      refusals.push(...passedOver);
    } catch (error) {
      refusals.push(`${archive.uri}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `No ${WANTED} was found, and fetching it for ${target} was refused:\n  ${refusals.join('\n  ')}\n` +
      `Try again with the network up. Or: ${REMEDY}`,
  );
}

/**
 * Finds a nats-server that is new enough: `NATS_SERVER_BIN`, then PATH, then the project's cache; failing that, on Debian,
 * its package is fetched into the cache. A `NATS_SERVER_BIN` that does not serve is an error: somebody meant it.
 */
export async function findNatsServer(options: FindOptions): Promise<FoundNatsServer> {
  const { env = process.env, say = () => undefined, etc = '/etc' } = options;
  const named = env['NATS_SERVER_BIN'];
  const cached = join(options.cacheDir, 'nats-server', 'nats-server');
  const where = named ? [{ path: named, from: 'NATS_SERVER_BIN' as const }] : places(cached, env);
  const candidates = await Promise.all(where.map(({ path, from }) => examine(path, from)));
  const { chosen, passedOver } = chooseCandidate(candidates);
  if (chosen === undefined && named)
    throw new Error(`NATS_SERVER_BIN cannot be used: ${passedOver.join('')}. ${REMEDY}`);
  passedOver.forEach(say);
  return chosen ?? download(cached, etc, say);
}
