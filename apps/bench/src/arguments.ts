import { parseArgs } from 'node:util';
import type { Benchmark, Size } from './benchmark.js';

export interface Arguments {
  readonly benchmark: Benchmark;
  /** One JSON document on stdout instead of a table. */
  readonly json: boolean;
  readonly size: Size;
  readonly minutes?: number;
}

/** The command line was wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly code: 'usage.unknown-benchmark' | 'usage.which-benchmark' | 'usage.unknown-option' | 'usage.bad-minutes',
    message: string,
  ) {
    super(message);
  }
}

export function usage(benchmarks: readonly Benchmark[]): string {
  const timed = benchmarks.flatMap(({ name, minutes }) => (minutes ? `${name} (${minutes} unless said)` : []));
  return [
    'npm run bench -- <name> [--json] [--tiny] [--minutes <n>]',
    '',
    ...benchmarks.map(({ name, about }) => `  ${name.padEnd(14)}${about}`),
    '',
    '  --json        stdout is one JSON document',
    '  --tiny        a small one, to see that it runs; its figures mean nothing',
    `  --minutes n   how long to look: ${timed.join(', ')}`,
    '',
    'Results and how to read them: docs/benchmarks.md',
    '',
  ].join('\n');
}

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
  const minutes = values.minutes === undefined ? undefined : minutesFrom(values.minutes, benchmark);
  return { benchmark, json: values.json, size: values.tiny ? 'tiny' : 'full', ...(minutes && { minutes }) };
}

function minutesFrom(text: string, { name, minutes }: Benchmark): number {
  if (minutes === undefined)
    throw new UsageError('usage.unknown-option', `${name} knows no --minutes: it ends by itself.`);
  if (/^[1-9][0-9]{0,4}$/.test(text)) return Number(text);
  throw new UsageError('usage.bad-minutes', `--minutes is ${JSON.stringify(text)}; say a whole number, at least 1.`);
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        tiny: { type: 'boolean', default: false },
        minutes: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError('usage.unknown-option', (error as Error).message);
  }
}
