import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { CliError } from '../failures/cli-error.js';
import { fileFailure } from '../failures/file-failure.js';
import type { Terminal } from '../terminal.js';
import type { Answers } from './answers.js';
import { SUPERVISOR } from '../workspace.js';
import { logFileOf } from './refusal.js';

/** What is ours alone: a site has no business with an administrator's token, nor does it end with our parent. */
const NOT_FOR_SITES = new Set([
  'CARAVAN_URL',
  'CARAVAN_TOKEN',
  'CARAVAN_TOKEN_FILE',
  'CARAVAN_CONFIG',
  'CARAVAN_CONTEXT',
  'CARAVAN_PARENT',
]);

export interface End {
  readonly code: number | null;
  /** `exit code 3`, `signal SIGKILL`. */
  readonly how: string;
}

export interface Supervisor {
  readonly child: ChildProcess;
  /** Where it writes; undefined in the foreground. */
  readonly logFile: string | undefined;
  /** Resolves when it has ended. Never rejects. */
  readonly ended: Promise<End>;
  /** The last lines that it wrote since it was started. */
  tail(): Promise<readonly string[]>;
  /** Why its controller ended last, to be started again; undefined while it has not. */
  stumbled(): Promise<string | undefined>;
}

interface Start {
  readonly dir: string;
  /** Not needed where a site has been before. */
  readonly file?: string | undefined;
  readonly foreground: boolean;
  /** To what its invitation asks. */
  readonly answers?: Answers | undefined;
}

/**
 * Starts the process that runs a site. Unless in the foreground it outlives this one. Throws `cli.no-supervisor`, and
 * `file.<what the system says>` where its log cannot be written: it would end without a word.
 */
export const startSupervisor = async (start: Start, terminal: Terminal): Promise<Supervisor> => {
  const { dir, file, foreground, answers } = start;
  const main = terminal.env['CARAVAN_SUPERVISOR_MAIN'] ?? SUPERVISOR;
  if (!existsSync(main)) {
    throw new CliError('cli.no-supervisor', 'The program that runs a site is not there.', {
      at: main,
      remedy: ['npm run build', 'CARAVAN_SUPERVISOR_MAIN=<its supervisor.js>'],
    });
  }
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw fileFailure(error, dir);
  });
  const args = [main, '--dir', dir, ...(file === undefined ? [] : ['--file', file])];
  const ours = Object.entries(terminal.env).filter(([name]) => !NOT_FOR_SITES.has(name));
  const env = { ...Object.fromEntries(ours), ...(answers && { SITE_ANSWERS: JSON.stringify(answers) }) };
  return foreground ? attached(args, env, terminal) : detached(args, env, logFileOf(dir), terminal);
};

type Env = NodeJS.ProcessEnv;

/** It ends with this process, also when this one is killed: its standard input ends then. */
const attached = (args: readonly string[], env: Env, terminal: Terminal): Supervisor => {
  const child = spawn(process.execPath, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env, CARAVAN_PARENT: 'stdin' },
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    terminal.err(chunk.toString());
    said = (said + chunk.toString()).slice(-TAIL_BYTES);
  };
  child.stdin.on('error', () => undefined); // one that closes its input ends the pipe, not us
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return { child, logFile: undefined, ended: endOf(child), ...told(() => Promise.resolve(said)) };
};

const detached = async (
  args: readonly string[],
  env: Env,
  logFile: string,
  terminal: Pick<Terminal, 'now'>,
): Promise<Supervisor> => {
  const failed = (error: NodeJS.ErrnoException): never => {
    throw fileFailure(error, logFile);
  };
  const log = await open(logFile, 'a', 0o600).catch(failed);
  try {
    await log.write(`${terminal.now().toISOString()} caravan starts this site\n`).catch(failed);
    const from = (await log.stat()).size;
    const child = spawn(process.execPath, [...args], { detached: true, stdio: ['ignore', log.fd, log.fd], env });
    child.unref();
    return { child, logFile, ended: endOf(child), ...told(() => readFrom(logFile, from)) };
  } finally {
    await log.close();
  }
};

const endOf = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: error.message }));
    // Not 'exit': what it said last has been read by then.
    child.once('close', (code, signal) =>
      resolve({ code, how: signal === null ? `exit code ${code}` : `signal ${signal}` }),
    );
  });

/** The supervisor's own words. */
const ENDS = /site-controller ends: (.*)$/;

const told = (text: () => Promise<string>): Pick<Supervisor, 'tail' | 'stumbled'> => ({
  tail: async () => lastLines(await text()),
  stumbled: async () =>
    lastLines(await text())
      .map((line) => ENDS.exec(line)?.[1])
      .findLast((why) => why !== undefined),
});

const TAIL_LINES = 8;
const TAIL_BYTES = 8_192;

const lastLines = (text: string): string[] => (text.trim() === '' ? [] : text.trimEnd().split('\n').slice(-TAIL_LINES));

/** What a log got since it had `from` bytes: what earlier runs said is not why this one ended. */
const readFrom = async (file: string, from: number): Promise<string> =>
  (await readFile(file)).subarray(from).toString();
