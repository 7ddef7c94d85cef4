import { describe, expect, it } from '@jest/globals';
import { PeerLog } from './log.js';

describe('lines that a peer can cause', () => {
  it('are cut off per kind, and the next window says how many', () => {
    let now = 0;
    const lines: object[] = [];
    const write = (fields: object): void => void lines.push(fields);
    const log = new PeerLog({ debug: write, info: write, warn: write, error: write }, () => now);
    for (let i = 0; i < 100; i++) log.warn('tunnel.confined', {}, 'refused');
    log.warn('tunnel.loop', {}, 'another kind');
    expect(lines).toHaveLength(21);
    now = 10_000;
    log.warn('tunnel.confined', {}, 'refused');
    expect(lines.at(-1)).toEqual({ code: 'tunnel.confined', leftOut: 80 });
  });
});
