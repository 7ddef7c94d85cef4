import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiClient } from '@caravan/api';
import {
  lockState,
  onStopSignal,
  openStateDirectory,
  PortBook,
  ProcessGroup,
  programsIn,
  resetState,
  startManagementPlane,
} from '@caravan/installation';
import type { ManagementPlane, StateDirectory } from '@caravan/installation';
import type { Arguments } from './arguments.js';
import { closingWords } from './ending.js';
import { acceptLog } from './log/accept-log.js';
import { refuseDivergedLog, troublesOf } from './log/look.js';
import { Narration } from './narration.js';
import { caravanCli } from './story/caravan.js';
import { playStory } from './story/story.js';
import type { Told } from './story/story.js';

/** Where a newcomer finds the API, if the port is free. */
const API_PORT = 4400;

/** Stopped by a signal before the story was over (128 + SIGINT). */
const INTERRUPTED = 130;

export interface Launch extends Omit<Arguments, 'help' | 'stateDir'> {
  readonly root: string;
  readonly version: string;
  readonly stateDir: string;
}

/** Everything from nothing to a running network; resolves with the exit code once it is over. */
export async function launch(options: Launch): Promise<number> {
  const narration = new Narration((text) => (options.json ? process.stderr : process.stdout).write(text));
  const state = openStateDirectory(options.stateDir);
  const unlock = lockState(state);
  try {
    if (options.reset) resetState(state);
    return await run(options, state, narration);
  } finally {
    unlock();
  }
}

async function run(options: Launch, state: StateDirectory, narration: Narration): Promise<number> {
  const say = (line: string): void => narration.say(`  ${line}`);
  const group = await ProcessGroup.open({ logDir: state.logs, runDir: state.run, say });
  const stopped = new Promise<'stopped'>((resolve) => {
    // Children end with us, however we end: who cannot wait need not.
    onStopSignal(
      () => resolve('stopped'),
      () => process.exit(INTERRUPTED),
    );
  });
  let code = 0;
  try {
    const played = await Promise.race([play(options, state, group, narration), stopped]);
    if (played === 'stopped') {
      code = INTERRUPTED;
      if (options.json) writeDocument(options, narration, undefined);
    } else if (played) {
      if (options.json) writeDocument(options, narration, played);
      else narration.say(closingWords(played.plane, played.told, { cli: programsIn(options.root).cli, ...options }));
      if (options.once) code = narration.steps.every(({ ok }) => ok) ? 0 : 1;
      else {
        narration.say('  Running until Ctrl-C.');
        await stopped;
      }
    }
  } catch (error) {
    code = 1;
    narration.say(`\n${(error as Error).message}\n`);
    if (options.json) writeDocument(options, narration, undefined);
  }
  narration.say('  stopping everything');
  await group.stop();
  return code;
}

interface Played {
  readonly plane: ManagementPlane;
  readonly told: Told | undefined;
}

async function play(
  options: Launch,
  state: StateDirectory,
  group: ProcessGroup,
  narration: Narration,
): Promise<Played | undefined> {
  const programs = programsIn(options.root);
  const say = (line: string): void => narration.say(`  ${line}`);
  const cacheDir = join(options.root, '.caravan', 'cache');
  const { rootArguments, portRange } = options;
  const where = portRange ? { portRange } : { apiPort: API_PORT };
  const about = { state, group, programs, say, ...where, cacheDir, rootArguments };
  if (options.acceptLog) {
    await acceptLog(options.acceptLog, about, { narration, start: startCommand(options), now: new Date() });
    return undefined;
  }
  const plane = await narration.step('management plane: PostgreSQL, NATS, services', () => startManagementPlane(about));
  const api = apiClient({ url: plane.apiUrl, token: readFileSync(plane.tokenFile, 'utf8').trim() });
  const look = (): Promise<void> => refuseDivergedLog(api, state.nats, startCommand(options));
  if (options.empty) {
    // Whoever wants nothing but the management plane may want it to see what is wrong.
    await look().catch((error: Error) => narration.say(`\n${error.message}`));
    return { plane, told: undefined };
  }
  await look();
  const caravan = caravanCli(programs.cli, { url: plane.apiUrl, tokenFile: plane.tokenFile });
  const ports = PortBook.open(state.portsFile, portRange);
  const troubles = () => troublesOf(api);
  return { plane, told: await playStory({ api, ports, narration, state, group, caravan, look, troubles }) };
}

/** What to type to start this installation again. */
const startCommand = ({ root, stateDir }: Launch): string =>
  stateDir === join(root, '.caravan') ? 'npm start' : `npm start -- --state ${stateDir}`;

function writeDocument({ version }: Launch, narration: Narration, played: Played | undefined): void {
  const document = {
    ok: played !== undefined && narration.steps.every(({ ok }) => ok),
    steps: narration.steps,
    answer: played?.told?.answer ?? null,
    path: played?.told?.path ?? [],
    versions: { caravan: version, node: process.versions.node, natsServer: played?.plane.versions.natsServer ?? null },
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
