import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { interrupted } from './failures/cli-error.js';
import { EXIT } from './failures/exit-codes.js';
import { failureOf, failureText } from './failures/failure.js';
import { fileFailure } from './failures/file-failure.js';
import { shown } from './output/shown.js';
import type { Terminal } from './terminal.js';

/** The terminal that this process was started in. */
export const processTerminal = (): Terminal => {
  const handlers: (() => void)[] = [];
  const interrupt = () => {
    const handler = handlers.at(-1);
    if (handler) handler();
    else process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  stopWithParent(interrupt);
  // `caravan get … | head`: whoever reads has had enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    // A file that it was sent to, most often: half of a document is none, and whoever reads the exit code must know.
    process.stderr.write(failureText(failureOf(fileFailure(error, 'standard output'))));
    process.exit(EXIT.refused);
  });
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    isInteractive: process.stderr.isTTY,
    out: (text) => void process.stdout.write(shown(text)),
    outDarkOnLight: process.stdout.isTTY ? darkOnLight : undefined,
    err: (text) => void process.stderr.write(shown(text)),
    ask: process.stdin.isTTY && process.stderr.isTTY && !isChild() ? askLine : undefined,
    now: () => new Date(),
    newId: () => randomUUID(),
    onInterrupt: (handler) => {
      handlers.push(handler);
      return () => handlers.splice(handlers.indexOf(handler), 1);
    },
  };
};

/** SGR (ECMA-48, 8.3.117): black on white. */
const darkOnLight = (lines: readonly string[]): void =>
  void process.stdout.write(lines.map((line) => `\u001b[30;107m${shown(line)}\u001b[0m\n`).join(''));

const isChild = (): boolean => process.env['CARAVAN_PARENT'] === 'stdin';

/** The question goes where progress goes: results may be read by a program. */
async function askLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new Promise<never>((_, reject) =>
    lines.once('close', () => reject(interrupted('Nothing was answered, and nothing was done.'))),
  );
  lines.once('SIGINT', () => lines.close());
  try {
    return await Promise.race([lines.question(shown(question)), gone]);
  } finally {
    gone.catch(() => undefined);
    lines.close();
  }
}

/**
 * `CARAVAN_PARENT=stdin`: whoever started this process holds the other end of its standard input and never writes to it, so
 * that its end means that they are gone, however they went.
 */
const stopWithParent = (stop: () => void): void => {
  if (!isChild()) return;
  process.stdin
    .once('close', stop)
    .on('error', () => undefined)
    .resume();
  process.stdin.unref();
};
