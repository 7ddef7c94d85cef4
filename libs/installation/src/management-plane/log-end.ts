import { join } from 'node:path';
import { LOG_STREAM } from '@caravan/event-store/jetstream';
import { putLostEndAside } from '../nats-server/index.js';
import type { StateDirectory } from '../state-directory.js';

/** `putLostEndAside` for the log of an installation on this machine, of which nothing runs. */
export const putLostEndOfLogAside = ({ nats }: StateDirectory, aside: string): string[] =>
  putLostEndAside(join(nats, 'jetstream'), LOG_STREAM, aside);
