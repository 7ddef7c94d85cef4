import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import * as h2 from './frames.fixture.js';
import type { Random } from './random.fixture.js';

/** An address behind which somebody talks without end. */
export const FLOOD = 'flood';
const HUGE = 0x3fffffff;
/** RFC 9113, 6.5.2. */
const INITIAL_WINDOW_SIZE = 4;
const FIRST_BYTES_MS = 2_000;

/** Opens large windows and asks for a lot: as the frames that it says at once. */
export function greed(random: Random): Buffer[] {
  const window = random.chance(0.8) ? HUGE : 2 ** (16 + random.below(14));
  const frames = [h2.PREFACE, h2.settings([[INITIAL_WINDOW_SIZE, window]]), h2.windowUpdate(0, HUGE)];
  let stream = 1;
  for (let tunnels = 1 + random.below(3); tunnels > 0; tunnels--, stream += 2) frames.push(h2.connectTo(stream, FLOOD));
  frames.push(h2.greeting(stream));
  return frames;
}

/** Reads nothing of what comes, and is gone when the other end is in the middle of it: mostly when nobody takes any more. */
export async function vanish(socket: TLSSocket, random: Random): Promise<void> {
  const signal = AbortSignal.timeout(FIRST_BYTES_MS);
  await once(socket, 'readable', { signal }).catch(() => undefined); // it is not let in, or is told nothing
  await new Promise((resolve) => setTimeout(resolve, 100 + random.below(400)));
  socket.destroy();
}
