import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { apiClient, rebuildProjections } from '@caravan/api';
import { putLostEndOfLogAside, startManagementPlane } from '@caravan/installation';
import type { ManagementPlaneOptions, RunService } from '@caravan/installation';
import type { AcceptLog } from '../arguments.js';
import type { Narration } from '../narration.js';
import { foundText, nextText } from './accept-log-text.js';

/** Those that write to the log, each with a witness of its own. */
const WRITERS = ['management-controller', 'cert-service'] as const;
const SERVICES = [...WRITERS, 'router-config'] as const;

type Plane = Omit<ManagementPlaneOptions, 'only' | 'beforeServices'>;

interface About {
  readonly narration: Narration;
  /** How this installation is started, to be typed. */
  readonly start: string;
  readonly now: Date;
}

/**
 * What docs/reliability.md, "The log", asks of an operator, for an installation of `npm start`: the servers run without the services, each
 * service that writes is asked, or told, by its `accept-log`; after an acceptance the lists are made anew. Nothing is left running.
 */
export async function acceptLog({ args }: AcceptLog, plane: Plane, { narration, start, now }: About): Promise<void> {
  const { state } = plane;
  const aside = join(state.nats, `put-aside-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  const moved = putLostEndOfLogAside(state, aside);
  if (moved.length > 0)
    narration.say(`  nats-server's notes on entries that are not there went to ${aside}; no entry was touched`);
  if (args.length === 0) {
    await startManagementPlane({
      ...plane,
      only: [],
      beforeServices: async (run) => narration.say(nextText(await look(run, narration), start)),
    });
    return;
  }
  const { apiUrl, tokenFile } = await startManagementPlane({
    ...plane,
    only: SERVICES,
    beforeServices: (run) => accept(run, args, narration),
  });
  const api = apiClient({ url: apiUrl, token: readFileSync(tokenFile, 'utf8').trim() });
  await narration.step('lists made anew from the log', () => api.call(rebuildProjections, {}));
  // What the log lost may be of the story: that is made again, as after a start that was killed.
  rmSync(state.toldFile, { force: true });
  narration.say(`\n  The log is accepted as it is. Now: ${start}\n`);
}

async function look(run: RunService, narration: Narration): Promise<readonly string[]> {
  const told: string[] = [];
  for (const writer of WRITERS) {
    const words = await run(writer, ['accept-log']);
    told.push(words);
    narration.say(foundText(writer, words));
  }
  return told;
}

async function accept(run: RunService, args: readonly string[], narration: Narration): Promise<void> {
  for (const writer of WRITERS) {
    const words = await narration.step(`the log accepted for ${writer}`, () => run(writer, ['accept-log', ...args]));
    narration.say(`    ${words.split('\n')[0]}`);
  }
}
