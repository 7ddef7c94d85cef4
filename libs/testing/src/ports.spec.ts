import { describe, expect, it } from 'vitest';
import { portRange, workerOf } from './ports.js';

describe('the ports of a worker', () => {
  it('are those of this one', () => {
    expect(portRange.first).toBe(20_000 + (workerOf(process.env) - 1) * 3_000);
    expect(workerOf(process.env)).toBe(Number(process.env['VITEST_POOL_ID']));
  });

  it('are the first ones where there are no workers, and nobody’s where it is not known which this is', () => {
    expect(workerOf({})).toBe(1);
    expect(workerOf({ VITEST_POOL_ID: '2' })).toBe(2);
    expect(() => workerOf({ VITEST: 'true' })).toThrow('which of its workers');
  });
});
