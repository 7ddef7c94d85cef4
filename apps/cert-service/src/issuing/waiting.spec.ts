import { describe, expect, it } from '@jest/globals';
import { Waiting } from './waiting.js';

describe('what requests wait for', () => {
  it('is shown while they wait, and forgotten after', () => {
    let now = 0;
    const waiting = new Waiting(() => now);
    expect(waiting.says()).toBeUndefined();
    waiting.met('root');
    waiting.met('root');
    waiting.met('the authorities of network n');
    expect(waiting.says()).toBe('awaiting root, the authorities of network n');
    now += 16_000;
    expect(waiting.says()).toBeUndefined();
  });
});
