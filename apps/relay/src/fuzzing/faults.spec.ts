import { describe, expect, it } from 'vitest';
import { faultsIn } from './faults.fixture.js';

const line = (level: string, msg: string): string => JSON.stringify({ level, msg, err: { stack: 'Error: x\n at y' } });

describe('The judgement of faults', () => {
  it('finds a planted error in the log, once for each kind', () => {
    const log = ['starts', line('error', 'oops'), line('warn', 'well'), line('error', 'oops'), line('fatal', 'end')];
    expect(faultsIn(log.join('\n'), 0)).toEqual(['oops: Error: x |  at y', 'end: Error: x |  at y']);
  });

  it('finds one that is only counted', () => {
    expect(faultsIn('', 3)).toEqual(['3 faults']);
  });

  it('lets a log without errors pass', () => {
    expect(faultsIn([line('info', 'a'), line('warn', 'b')].join('\n'), 0)).toEqual([]);
  });
});
