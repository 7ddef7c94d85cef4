import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AptSource } from './apt-sources.js';
import { runProgram } from './run-program.js';

/** The Debian release whose nats-server is new enough. Its libc needs suit Debian 12 as well. */
const RELEASE = 'trixie';
const DEFAULT_KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

/** The one line that apt is given to read: this machine's mirror, the release that we want, the machine's own keyring. */
export function sourceLine(source: AptSource, embeddedKeyFile: string, keyrings: readonly string[]): string {
  const keyring = source.embeddedKey === undefined ? (source.signedBy ?? keyrings[0]) : embeddedKeyFile;
  return `deb ${keyring === undefined ? '' : `[signed-by=${keyring}] `}${source.uri} ${RELEASE} main\n`;
}

/**
 * Keeps what the machine says about fetching (proxies, timeouts, certificates) out of an `apt-config dump`, and nothing
 * else: hooks that run after an update would change the system.
 */
export const fetchSettings = (dump: string): string =>
  dump
    .split('\n')
    .filter((line) => line.startsWith('Acquire::') && !line.startsWith('Acquire::IndexTargets'))
    .join('\n');

async function prepareApt(work: string, source: AptSource): Promise<NodeJS.ProcessEnv> {
  for (const dir of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, dir), { recursive: true });
  const keyFile = join(work, 'key.asc');
  if (source.embeddedKey !== undefined) writeFileSync(keyFile, source.embeddedKey);
  writeFileSync(join(work, 'sources.list'), sourceLine(source, keyFile, DEFAULT_KEYRINGS.filter(existsSync)));
  const dump = await runProgram('apt-config', ['dump']);
  const quoted = (path: string): string => JSON.stringify(path);
  const settings = [
    fetchSettings(dump.stdout),
    `Dir::Etc::main "/dev/null";`,
    `Dir::Etc::parts "/dev/null";`,
    `Dir::Etc::sourcelist ${quoted(join(work, 'sources.list'))};`,
    `Dir::Etc::sourceparts "/dev/null";`,
    `Dir::Etc::preferences "/dev/null";`,
    `Dir::Etc::preferencesparts "/dev/null";`,
    `Dir::State::Lists ${quoted(join(work, 'lists'))};`,
    `Dir::Cache ${quoted(join(work, 'cache'))};`,
    `APT::Sandbox::User "${process.getuid?.() === 0 ? 'root' : ''}";`, // the cache is 0700: apt's own user cannot enter it
    `APT::Get::AllowUnauthenticated "false";`,
    `Acquire::AllowInsecureRepositories "false";`,
    `Acquire::Languages "none";`,
    `Acquire::Retries "2";`,
    '',
  ];
  const file = join(work, 'apt.conf');
  writeFileSync(file, settings.join('\n'));
  return { ...process.env, APT_CONFIG: file, LC_ALL: 'C' };
}

async function mustRun(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const result = await runProgram(command, args, { cwd, env, timeoutMs: 180_000 });
  if (result.code === 0) return;
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-6).join('\n    ');
  throw new Error(`${[command, ...args].join(' ')} ended with ${result.code}:\n    ${said}`);
}

/**
 * Fetches Debian's nats-server package from `source` with apt, which checks the archive's signature and the package's hash,
 * and unpacks its program to `target`. Needs no root and changes nothing on the system: apt works in a directory of its own.
 */
export async function unpackDebianNatsServer(source: AptSource, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(dirname(target), 'download-'));
  try {
    const env = await prepareApt(work, source);
    await mustRun('apt-get', ['update', '-q', '--error-on=any'], work, env);
    await mustRun('apt-get', ['download', '-q', 'nats-server'], work, env);
    const deb = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (deb === undefined) throw new Error('apt-get download ended well but left no package');
    await mustRun('dpkg-deb', ['-x', deb, 'unpacked'], work, env);
    const program = ['usr/sbin', 'usr/bin'].map((dir) => join(work, 'unpacked', dir, 'nats-server')).find(existsSync);
    if (program === undefined) throw new Error(`the package ${deb} holds no nats-server`);
    renameSync(program, target); // atomic: whoever looks meanwhile sees no half-written program
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
