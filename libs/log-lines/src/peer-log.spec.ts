import { describe, expect, it } from 'vitest';
import { PeerLog } from './index.js';

describe('lines that somebody else can cause', () => {
  it('are cut off per kind, and the next window says how many', () => {
    let now = 0;
    const lines: object[] = [];
    const write = (fields: object): void => void lines.push(fields);
    const log = new PeerLog({ info: write, warn: write, error: write }, () => now);
    for (let i = 0; i < 100; i++) log.warn('request.not-json', {}, 'refused');
    log.info('request.invalid', {}, 'another kind');
    expect(lines).toHaveLength(21);
    now = 10_000;
    log.warn('request.not-json', { subject: 'x' }, 'refused');
    expect(lines.at(-1)).toEqual({ code: 'request.not-json', subject: 'x', leftOut: 80 });
  });
});
