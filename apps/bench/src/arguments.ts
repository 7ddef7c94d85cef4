import { parseArgs } from 'node:util';
import type { Benchmark, Size } from './benchmark.js';

export interface Arguments {
  readonly benchmark: Benchmark;
  /** One JSON document on stdout instead of a table. */
  readonly json: boolean;
  readonly size: Size;
}

/** The command line was wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly code: 'usage.unknown-benchmark' | 'usage.which-benchmark' | 'usage.unknown-option',
    message: string,
  ) {
    super(message);
  }
}

export const usage = (benchmarks: readonly Benchmark[]): string =>
  [
    'npm run bench -- <name> [--json] [--tiny]',
    '',
    ...benchmarks.map(({ name, about }) => `  ${name.padEnd(14)}${about}`),
    '',
    '  --json        stdout is one JSON document',
    '  --tiny        a small one, to see that it runs; its figures mean nothing',
    '',
    'Results and how to read them: docs/benchmarks.md',
    '',
  ].join('\n');

/** @throws UsageError naming what is wrong; undefined when help was asked for. */
export function readArguments(argv: readonly string[], benchmarks: readonly Benchmark[]): Arguments | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const names = benchmarks.map(({ name }) => name).join(', ');
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new UsageError('usage.which-benchmark', `Name one benchmark; there are ${names}.`);
  }
  const benchmark = benchmarks.find((each) => each.name === name);
  if (!benchmark) {
    throw new UsageError('usage.unknown-benchmark', `No benchmark is called ${name}; there are ${names}.`);
  }
  return { benchmark, json: values.json, size: values.tiny ? 'tiny' : 'full' };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        tiny: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError('usage.unknown-option', (error as Error).message);
  }
}
