import { describe, expect, it } from 'vitest';
import { readArguments, usage } from './arguments.js';
import { benchmarks } from './benchmarks.js';

const read = (...argv: string[]) => readArguments(argv, benchmarks);

describe('the arguments of npm run bench', () => {
  it('are a name and how to say it', () => {
    expect(read('rebuild')).toMatchObject({ benchmark: { name: 'rebuild' }, json: false, size: 'full' });
    expect(read('rebuild', '--json', '--tiny')).toMatchObject({ json: true, size: 'tiny' });
    expect(read('idle', '--minutes', '5')).toMatchObject({ benchmark: { name: 'idle' }, minutes: 5 });
    expect(read('idle')).not.toHaveProperty('minutes');
    expect(read('--help')).toBeUndefined();
  });

  it.each([
    ['usage.unknown-benchmark', ['lunch']],
    ['usage.which-benchmark', []],
    ['usage.which-benchmark', ['rebuild', 'rebuild']],
    ['usage.unknown-option', ['rebuild', '--fast']],
    ['usage.unknown-option', ['rebuild', '--json=yes']],
    ['usage.unknown-option', ['rebuild', '--minutes', '5']],
    ['usage.bad-minutes', ['idle', '--minutes', '0']],
    ['usage.bad-minutes', ['idle', '--minutes', 'many']],
  ])('are refused with %s: %j', (code, argv) => {
    expect(() => read(...argv)).toThrow(expect.objectContaining({ code }));
  });

  it('are explained, each benchmark with a line', () => {
    for (const { name, about } of benchmarks) expect(usage(benchmarks)).toContain(`${name.padEnd(14)}${about}`);
    expect(new Set(benchmarks.map(({ name }) => name)).size).toBe(benchmarks.length);
  });
});
