import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LEFT_OUT, standardError } from '@caravan/log-lines';
import { lock } from './site-directory/lock.js';
import { sitePaths } from './site-directory/site-paths.js';
import { EXIT } from './supervisor/exit-codes.js';
import { endOfParent } from './supervisor/parent.js';
import { makeRunDirectory, socketPath } from './supervisor/run-directory.js';
import { Supervisor } from './supervisor/supervisor.js';

const USAGE = `Runs a site: its relay and its controller.

usage: node supervisor.js --dir <directory> [--file <invitation, bundle or management file>]

The file is needed at the first start. Exit codes: 0 asked to end; 3 joining was refused for ever; 75 the directory is in use;
78 the directory, its seal key or the file is wrong.

environment:
  CARAVAN_SEAL_KEY, CARAVAN_SEAL_KEY_FILE  what the site's disk is sealed under; else <directory>/seal.key
  CARAVAN_SEAL_KEY_COMMAND                 writes it to its output, for /bin/sh: unwrapped by a TPM or a KMS
  CARAVAN_RELAY_MAIN                       the relay's main.js; else the one of the workspace
  CARAVAN_PARENT=stdin                     end when standard input closes
  SITE_HOST                                where others reach this site's access points
  OPEN_UNHEARD_AFTER_SECONDS               after a start without the management plane, let claims and members in all the same; else they wait
  LOG_LEVEL                                debug, info, warn or error
`;

/** Beside this app in the workspace, and beside this file's directory where both are packaged. */
const RELAY_MAINS = ['../../relay/bundle/main.js', '../relay/main.js'];

/** A site has to fit where there is little memory (docs/benchmarks.md, idle): both processes give back what they do not need. */
const PRELOAD = ['--import', new URL('idle-memory/preload.js', import.meta.url).href];
/** Reading Node's own start from its file costs 2 MiB that stay, to start 30 ms sooner. */
const FLAGS = ['--no-node-snapshot'];
/** What runs a few times while a relay starts is not worth a compiler; what carries traffic is (idle-memory/preload.ts). */
const RELAY_FLAGS = [...FLAGS, '--interrupt-budget=1320000'];
/** A controller has little to do: no compiler at all, and a young generation of 1 MB. */
const CONTROLLER_FLAGS = [...FLAGS, '--no-opt', '--no-sparkplug', '--max-semi-space-size=1'];
/** glibc (mallopt(3)): one heap for all threads, most of which wait; else each keeps its own free pages. */
const MALLOC = { MALLOC_ARENA_MAX: '1' };

const output = standardError((lines) => say(`${lines} ${LEFT_OUT}`));
const say = (line: string): void => output.write(`${new Date().toISOString()} ${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { dir: { type: 'string' }, file: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help || !values.dir) {
    process.stdout.write(USAGE);
    return values.help ? EXIT.done : EXIT.configuration;
  }
  const stopped = endOfParent();
  const paths = sitePaths(values.dir);
  for (const path of [paths.root, paths.logs]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const release = await lock(paths.supervisorLock);
  const socket = socketPath(paths.root);
  makeRunDirectory(dirname(socket));

  const withoutKey = Object.fromEntries(
    Object.entries(process.env).filter(
      ([variable]) => !variable.startsWith('CARAVAN_SEAL_KEY') && variable !== 'SITE_ANSWERS',
    ),
  );
  const file = values.file === undefined ? [] : ['--file', resolve(values.file)];
  const supervisor = new Supervisor({
    relay: {
      name: 'relay',
      flags: RELAY_FLAGS,
      args: [...PRELOAD, relayMain(), '--socket', socket],
      env: { ...MALLOC, ...withoutKey, CARAVAN_PARENT: 'stdin' },
      logFile: join(paths.logs, 'relay.log'),
    },
    controller: {
      name: 'site-controller',
      flags: CONTROLLER_FLAGS,
      args: [...PRELOAD, beside('main.js'), '--dir', paths.root, '--socket', socket, ...file],
      env: { ...MALLOC, ...process.env, CARAVAN_PARENT: 'stdin', CARAVAN_SUPERVISOR_PID: String(process.pid) },
      logFile: join(paths.logs, 'site-controller.log'),
    },
    say,
  });
  void stopped.then((why) => {
    say(`ending: ${why}`);
    supervisor.stop();
  });
  const code = await supervisor.run();
  if (!socket.startsWith(paths.root)) rmSync(dirname(socket), { recursive: true, force: true });
  release();
  return code;
}

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function relayMain(): string {
  const named = process.env['CARAVAN_RELAY_MAIN'];
  const candidates = named ? [resolve(named)] : RELAY_MAINS.map(beside);
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  const remedy = 'Build it (npm run build), or name it with CARAVAN_RELAY_MAIN.';
  throw Object.assign(new Error(`There is no relay at ${candidates.join(' or ')}. ${remedy}`), {
    exit: EXIT.configuration,
  });
}

main().then(
  (code) => process.exit(code),
  (error: Error & { code?: string; exit?: number }) => {
    say(error.message);
    process.exit(error.exit ?? (error.code === 'site-directory.in-use' ? EXIT.tryLater : EXIT.failed));
  },
);
