import type { Configuration } from '@caravan/data-plane';
import type { HandOver } from '@caravan/data-plane/relay';
import type { Counters } from '../counters.js';
import type { Log } from '../log.js';
import { ControlProblem } from './problem.js';
import { readConfiguration } from './read-configuration.js';

interface Deps {
  readonly log: Log;
  readonly counters: Counters;
  readonly isConfigured: () => boolean;
  readonly apply: (configuration: Configuration) => void;
}

/**
 * Takes what the supervisor gives to a relay that it has started: the configuration that the relay before this one had last. A
 * relay that has heard its site-controller by then knows better, and takes nothing.
 */
export function takeHandOver(message: unknown, { log, counters, isConfigured, apply }: Deps): void {
  const { configuration } = Object(message) as Partial<HandOver>;
  if (!(configuration instanceof Uint8Array)) return;
  const count = (outcome: string): void => counters.add('caravan_relay_hand_overs_total', outcome);
  if (isConfigured()) {
    count('late');
    return log.info({}, 'what the supervisor hands over is late: the site-controller was here before');
  }
  try {
    apply(read(configuration));
    count('taken');
    log.info({}, 'the supervisor has handed over the last configuration');
  } catch (error) {
    count('refused');
    const { code, detail } = ControlProblem.from(error);
    log.error({ code, detail }, 'what the supervisor handed over cannot be used; waiting for the site-controller');
  } finally {
    configuration.fill(0); // it holds private keys
  }
}

function read({ buffer, byteOffset, byteLength }: Uint8Array): Configuration {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
  } catch {
    // The parser's own message quotes the input.
    throw new ControlProblem('control.not-json');
  }
  return readConfiguration(json);
}
