import { onStopSignal } from '@caravan/installation';
import { readArguments, usage, UsageError } from './arguments.js';
import type { Arguments } from './arguments.js';
import { benchmarks } from './benchmarks.js';
import { documentOf } from './document.js';
import { thisMachine } from './machine.js';
import { tableOf } from './table.js';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

const argv = process.argv.slice(2);
const args = argumentsOrUsage();
if (args) process.exitCode = await measured(args);

function argumentsOrUsage(): Arguments | undefined {
  try {
    const given = readArguments(argv, benchmarks);
    if (!given) process.stdout.write(usage(benchmarks));
    return given;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message} (${error.code})\n\n${usage(benchmarks)}`);
    process.exitCode = EXIT.usage;
    return undefined;
  }
}

/** Resolves with the exit code. A benchmark that misses its aim has not failed: it has measured. */
async function measured({ benchmark, json, size, minutes }: Arguments): Promise<number> {
  const command = ['npm run bench --', ...argv].join(' ');
  const circumstances = { command, date: new Date(), size, machine: thisMachine() };
  const interruption = new AbortController();
  onStopSignal(
    () => interruption.abort(),
    () => process.exit(EXIT.interrupted),
  );
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const findings = await benchmark.run({ size, ...(minutes && { minutes }), say, signal: interruption.signal });
    const document = documentOf(benchmark, circumstances, findings);
    process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : tableOf(benchmark, document));
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted;
    process.stderr.write(`${benchmark.name} could not be measured: ${(error as Error).stack}\n`);
    return EXIT.failed;
  }
}
