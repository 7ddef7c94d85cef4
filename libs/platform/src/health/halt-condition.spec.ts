import { describe, expect, it } from 'vitest';
import { halted } from './index.js';

describe('a consumer that has halted', () => {
  it.each([
    ['garbled', 'log.undecodable', /pass-over 7 --reason/],
    ['newer', 'log.undecodable', /version that wrote it/],
    ['unfit', 'consumer.halted', /fault of this program/],
    ['log', 'consumer.halted', /restore the log/],
  ] as const)('by something %s says where, why, what it means and what to do', (kind, code, remedy) => {
    const halt = { kind, position: 7, stream: 'caravan.evt.x.y.z', reason: 'not JSON' };
    expect(halted(halt, 'Lists are behind')).toEqual({
      says: 'halted before position 7 (caravan.evt.x.y.z): not JSON. Lists are behind',
      code,
      remedy: expect.stringMatching(remedy),
    });
    expect(halted({ ...halt, stream: null }, '').says).toMatch(/^halted at position 7: /);
  });
});
