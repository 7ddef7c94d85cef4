import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../observed.js';
import { observationSchema } from '../observed.js';
import { open } from './ask.js';
import { relayPaths } from './protocol.js';
import { RelayProblem } from './relay-problem.js';
import { Silent } from './silence.js';
import type { Patience } from './silence.js';

export interface FeedHooks {
  connected(): void;
  disconnected(why: Error): void;
  observed(observation: Observation): void;
}

const RETRY_MS = { first: 50, most: 2_000 };

interface FeedOptions {
  readonly signal: AbortSignal;
  readonly patience?: Patience | undefined;
  readonly busyMs: () => number;
}

/**
 * Stays on the relay's observation stream, for ever: when the relay goes away it comes back as soon as there is one. The
 * stream doubles as the sign of life, so that a restarted relay (which remembers nothing) is noticed at once, and one that
 * stands still when its signs of life do not come. One that goes on after that has not forgotten anything, and is as a new one.
 */
export async function followObservations(
  socketPath: string,
  hooks: FeedHooks,
  { signal, ...limits }: FeedOptions,
): Promise<void> {
  let pause = RETRY_MS.first;
  while (!signal.aborted) {
    let response: IncomingMessage | undefined;
    try {
      response = await open(socketPath, { method: 'GET', path: relayPaths.observations, signal, ...limits });
      hooks.connected();
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        if (line === '') continue;
        hooks.observed(observationSchema.parse(JSON.parse(line)));
        // Not before: one of another version is there each time, and never understood.
        pause = RETRY_MS.first;
      }
      throw new Error('the relay ended its observation stream');
    } catch (error) {
      if (signal.aborted) return;
      hooks.disconnected(error instanceof Silent ? RelayProblem.unavailable(socketPath, error) : (error as Error));
    } finally {
      response?.destroy();
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, RETRY_MS.most);
  }
}
