import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../failures/cli-error.js';
import type { Terminal } from '../terminal.js';

/** Where the workspace builds it, seen from this file's build. */
const IN_WORKSPACE = fileURLToPath(new URL('../../../site-controller/dist/supervisor.js', import.meta.url));
/** What is ours alone: a site has no business with an administrator's token, nor does it end with our parent. */
const NOT_FOR_SITES = new Set([
  'CARAVAN_URL',
  'CARAVAN_TOKEN',
  'CARAVAN_TOKEN_FILE',
  'CARAVAN_CONFIG',
  'CARAVAN_CONTEXT',
  'CARAVAN_PARENT',
]);

export interface Supervisor {
  readonly child: ChildProcess;
  /** Where it writes; undefined in the foreground. */
  readonly logFile: string | undefined;
  /** Resolves when it has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
}

interface Start {
  readonly dir: string;
  /** Not needed where a site has been before. */
  readonly file?: string | undefined;
  readonly foreground: boolean;
}

/** Starts the process that runs a site. Unless in the foreground it outlives this one. Throws `cli.no-supervisor`. */
export const startSupervisor = async ({ dir, file, foreground }: Start, { env }: Terminal): Promise<Supervisor> => {
  const main = env['CARAVAN_SUPERVISOR_MAIN'] ?? IN_WORKSPACE;
  if (!existsSync(main)) {
    throw new CliError('cli.no-supervisor', 'The program that runs a site is not there.', {
      at: main,
      remedy: ['npm run build', 'CARAVAN_SUPERVISOR_MAIN=<its supervisor.js>'],
    });
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const logFile = foreground ? undefined : path.join(dir, 'supervisor.log');
  const log = logFile === undefined ? undefined : await open(logFile, 'a', 0o600);
  try {
    const output = log?.fd ?? 2;
    const kept = Object.entries(env).filter(([name]) => !NOT_FOR_SITES.has(name));
    const child = spawn(process.execPath, [main, '--dir', dir, ...(file === undefined ? [] : ['--file', file])], {
      detached: !foreground,
      // In the foreground it ends with this process, also when this one is killed: its standard input ends then.
      stdio: [foreground ? 'pipe' : 'ignore', output, output],
      env: { ...Object.fromEntries(kept), ...(foreground && { CARAVAN_PARENT: 'stdin' }) },
    });
    if (!foreground) child.unref();
    return { child, logFile, ended: endOf(child) };
  } finally {
    await log?.close();
  }
};

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });

const TAIL_LINES = 8;

/** The last lines of a log, for whoever must be told why it ended. */
export const tailOf = async (logFile: string | undefined): Promise<string> => {
  if (logFile === undefined) return '';
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text
    .trimEnd()
    .split('\n')
    .slice(-TAIL_LINES)
    .map((line) => `\n    ${line.slice(0, 300)}`)
    .join('');
};
