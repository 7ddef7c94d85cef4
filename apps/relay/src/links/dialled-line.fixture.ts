import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { productionTiming } from '../limits.js';
import type { Dialling } from './dialled-line.js';
import { DialledLine } from './dialled-line.js';
import type { Line } from './line.js';

/** The life of a line without its sockets. */
class FakeLine extends EventEmitter {
  status = 'greeting';
  areOffersKnown = false;
  greet(): void {
    this.status = 'up';
    this.emit('greeted');
  }
  knowOffers(): void {
    this.areOffersKnown = true;
    this.emit('offersKnown');
  }
  drain(): void {
    this.status = 'draining';
    this.emit('draining');
  }
  drop(reason: string): void {
    if (this.status === 'closed') return;
    this.status = 'closed';
    this.emit('closed', reason);
  }
}

/** A line that is dialled on fake timers: what was dialled so far, and time that passes. `failure`: what the next dialling ends with, if anything. */
export function dialling(failure: () => Error | undefined = () => undefined) {
  const dialled: { line: FakeLine; target: Dialling; signal: AbortSignal }[] = [];
  const line = new DialledLine('calls', {
    timing: productionTiming,
    now: Date.now,
    random: () => 0.999,
    changed: () => undefined,
    connect: async (asked, _role, signal) => {
      const error = failure();
      if (error) throw error;
      const fake = new FakeLine();
      dialled.push({ line: fake, target: asked, signal });
      return fake as unknown as Line;
    },
  });
  const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
  return { line, dialled, pass };
}
