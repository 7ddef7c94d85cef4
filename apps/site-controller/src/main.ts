import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RelayDataPlane } from '@caravan/data-plane/relay';
import { hostSchema } from '@caravan/events';
import { readAnswers, readSiteFile, take } from './joining/index.js';
import type { Refusal } from './joining/index.js';
import { ApiServer } from './local-api/api-server.js';
import { createLog } from './log.js';
import type { Log } from './log.js';
import { SiteController } from './site-controller.js';
import { lock, openSiteDirectory, privateDirectory, SiteDirectoryError, sitePaths } from './site-directory/index.js';
import { readSiteState } from './site-state.js';
import type { SiteState } from './site-state.js';
import { EXIT } from './supervisor/exit-codes.js';
import { tellSupervisor } from './supervisor/messages.js';
import { endOfParent } from './supervisor/parent.js';
import { Safekeeping } from './supervisor/safekeeping.js';
import { systemTrouble } from './system-trouble.js';

/** The site-controller as a process. The supervisor starts it; `--help` of that says how. */
const { env } = process;
const log = createLog('site-controller', env['LOG_LEVEL']);

/** A controller that a killed supervisor left is ending by itself. */
const WAIT_FOR_LOCK_MS = 15_000;
/** Whoever follows the local API of a site that is refused sees why before it is gone. */
const SHOW_REFUSAL_MS = 2_000;
const STOP_WITHIN_MS = 6_000;

const never = new Promise<never>(() => undefined);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { dir: { type: 'string' }, file: { type: 'string' }, socket: { type: 'string' } },
  });
  const { dir, file, socket } = values;
  if (!dir || !socket) {
    throw new SiteDirectoryError(
      'site-directory.bad-option',
      'usage: site-controller --dir <dir> --socket <relay> [--file <file>]',
    );
  }
  const stopped = endOfParent();
  await privateDirectory(dir);
  const release = await lock(sitePaths(dir).controllerLock, WAIT_FOR_LOCK_MS);
  const state = await siteIn(dir, file);
  const safekeeping = new Safekeeping((configuration) => tellSupervisor({ configuration }));
  const controller = new SiteController({
    state,
    host: siteHost(env['SITE_HOST']),
    openDataPlane: (hooks) => new RelayDataPlane({ socketPath: socket, ...hooks }),
    keep: async ({ configuration, isHeard }) => {
      await safekeeping.give(configuration);
      if (isHeard) void tellSupervisor({ heard: true });
    },
    doors: { hasHeard: env['CARAVAN_HEARD'] === 'yes', openAfterMs: openAfterMs(env['OPEN_UNHEARD_AFTER_SECONDS']) },
    log,
  });
  const api = await ApiServer.open(controller, log, Number(env['CARAVAN_SUPERVISOR_PID'] ?? process.pid));
  follow(state);
  const refusal = controller.run().then((refused) => refused ?? never);
  const why = await Promise.race([stopped, refusal]);
  if (typeof why === 'object') await showRefusal(why, stopped);
  setTimeout(() => process.exit(EXIT.failed), STOP_WITHIN_MS).unref();
  await Promise.all([api.close(), controller.stop()]);
  release();
  process.exit(typeof why === 'object' ? EXIT.refused : EXIT.done);
}

async function siteIn(dir: string, file: string | undefined): Promise<SiteState> {
  const { env: source } = process;
  const directory = await openSiteDirectory(dir, source);
  // Nobody who reads this process's environment later finds it.
  for (const variable of ['CARAVAN_SEAL_KEY', 'CARAVAN_SEAL_KEY_COMMAND']) delete source[variable];
  const state = await readSiteState(directory);
  // It was taken at the first start, and may have been deleted since.
  const isNeeded = file !== undefined && (existsSync(file) || !state.journal.joining);
  if (isNeeded) await take(await readSiteFile(file), state, { answers: readAnswers(source['SITE_ANSWERS']) });
  delete source['SITE_ANSWERS']; // it has them now
  if (state.journal.joining) return state;
  const remedy = 'Start it with --file and the invitation, bundle or management file that it is for.';
  throw new SiteDirectoryError('site-directory.empty', `There is no site in ${dir} yet. ${remedy}`);
}

function siteHost(named: string | undefined): string | null {
  if (!named) return null;
  if (hostSchema.safeParse(named).success) return named;
  throw new SiteDirectoryError(
    'site-directory.bad-option',
    `SITE_HOST is "${named}": a DNS name or an IP address is expected.`,
  );
}

function openAfterMs(named: string | undefined): number {
  if (!named) return Infinity;
  if (/^\d{1,6}$/.test(named)) return Number(named) * 1_000;
  throw new SiteDirectoryError(
    'site-directory.bad-option',
    `OPEN_UNHEARD_AFTER_SECONDS is "${named}": a whole number of seconds is expected.`,
  );
}

function follow({ journal }: SiteState): void {
  const tell = () => journal.joining && void tellSupervisor({ step: journal.joining.status });
  journal.onChange(tell);
  tell();
}

async function showRefusal({ code, detail }: Refusal, stopped: Promise<string>): Promise<void> {
  log.error({ code, reason: detail }, 'this site was refused for ever');
  void tellSupervisor({ ended: `${detail} (${code})` });
  await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, SHOW_REFUSAL_MS))]);
}

function end(error: unknown, log_: Log): void {
  const known = error instanceof SiteDirectoryError;
  log_.error({ err: error }, 'the site-controller ends');
  const message = error instanceof Error ? error.message : String(error);
  const said = known ? `${message} (${error.code})` : message;
  void tellSupervisor({ ended: systemTrouble(error)?.detail ?? said });
  const code = !known ? EXIT.failed : error.code === 'site-directory.in-use' ? EXIT.tryLater : EXIT.configuration;
  process.exit(code);
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => end(error, log));
}
main().catch((error: unknown) => end(error, log));
