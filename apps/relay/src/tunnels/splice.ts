import type { End } from './end.js';

/**
 * Joins two ends into one connection with TCP's meaning: each direction ends on its own (half-close), in order after its data;
 * a reset of either end resets the other. Back-pressure is that of the slower end.
 */
export function splice(a: End, b: End): void {
  let broken = false;
  const fail = (): void => {
    if (broken) return;
    broken = true;
    a.reset();
    b.reset();
  };
  forward(a, b, fail);
  forward(b, a, fail);
  for (const end of [a, b]) {
    // They stay for good: an error event that nobody hears ends the process.
    end.stream.on('error', fail);
    end.stream.on('aborted', fail);
    end.stream.once('close', () => {
      if (!end.closedCleanly()) fail();
    });
    if (end.stream.destroyed) fail();
  }
}

function forward(from: End, to: End, fail: () => void): void {
  from.stream.pipe(to.stream, { end: false });
  from.stream.once('end', () => (from.wasReset() ? fail() : to.stream.end()));
}
