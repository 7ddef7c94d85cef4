import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import * as h2 from './frames.fixture.js';
import type { Random } from './random.fixture.js';

/** RFC 9113, 6.5.2. */
const ENABLE_PUSH = 2;
const INITIAL_WINDOW_SIZE = 4;
/** A stream that nobody has opened. */
const IDLE = 9;
const FIRST_BYTES_MS = 2_000;
const CLOSED_MS = 2_000;

export const HELLO: readonly Buffer[] = [h2.PREFACE, h2.settings()];

/** An error of the whole connection, as nghttp2 finds it. */
export const breach = (random: Random): Buffer =>
  random.pick([
    h2.windowUpdate(0, 0x7fffffff),
    h2.windowUpdate(IDLE, 1),
    h2.settings([[INITIAL_WINDOW_SIZE, 0xffffffff]]),
    h2.settings([[ENABLE_PUSH, 2]]),
    h2.reset(IDLE),
  ]);

/** Its settings have come, and will not be acknowledged. */
export const told = (socket: TLSSocket): Promise<unknown> => within(socket, 'readable', FIRST_BYTES_MS);

/** Until the other end has had enough: if it heard of a lost connection first, it would not come to the breach. */
export const thrownOut = (socket: TLSSocket): Promise<unknown> => within(socket.resume(), 'close', CLOSED_MS);

async function within(socket: TLSSocket, event: string, ms: number): Promise<unknown> {
  if (socket.destroyed) return;
  return once(socket, event, { signal: AbortSignal.timeout(ms) }).catch(() => undefined); // it is not let in, or waits in vain
}
