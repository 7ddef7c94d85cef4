import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { run } from '../run.js';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const main = path.join(workspace, 'apps/cli/bundle/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Sends one signal as soon as stderr has it. */
  readonly interruptWhen?: string;
  readonly signal?: NodeJS.Signals;
  /** A descriptor, instead of what is read here. */
  readonly stdoutTo?: number;
  /** As on a full disk: files can be made, and nothing written into them. */
  readonly noFiles?: boolean;
}

/** A folder and an environment to run `caravan` in, and the process itself. */
export class Shell {
  readonly cwd = mkdtempSync(path.join(tmpdir(), 'caravan-cli-'));
  env: Record<string, string> = {};

  /** The same within this process, much faster: all of the program but its own start and end. `hear` is told all of stderr so far. */
  async here(args: readonly string[], hear?: (stderr: string) => void): Promise<Ended> {
    let stdout = '';
    let stderr = '';
    const code = await run(args, {
      env: this.env,
      cwd: this.cwd,
      home: this.cwd,
      isInteractive: false,
      out: (text) => void (stdout += text),
      err: (text) => {
        stderr += text;
        hear?.(stderr);
      },
      now: () => new Date('2026-11-20T12:00:00.000Z'),
      newId: () => randomUUID(),
      onInterrupt: () => () => undefined,
    });
    return { code, stdout, stderr };
  }

  /** Runs a command line as a process to its end. */
  run(
    args: readonly string[],
    { interruptWhen, signal = 'SIGINT', stdoutTo, noFiles }: RunOptions = {},
  ): Promise<Ended> {
    const node = [process.execPath, main, ...args];
    const [command = '', ...rest] = noFiles ? ['bash', '-c', 'ulimit -f 0; exec "$@"', 'bash', ...node] : node;
    const child = spawn(command, rest, {
      cwd: this.cwd,
      env: { PATH: process.env['PATH'], HOME: this.cwd, ...this.env },
      stdio: ['ignore', stdoutTo ?? 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let isInterrupted = false;
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (isInterrupted || interruptWhen === undefined || !stderr.includes(interruptWhen)) return;
      isInterrupted = true;
      child.kill(signal);
    });
    return new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** What differs from run to run taken out, for golden outputs. */
  steady(text: string): string {
    return text
      .replaceAll(this.cwd, '<cwd>')
      .replace(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:<port>')
      .replace(/process \d+/g, 'process <pid>')
      .replace(/\+\d+\.\ds/g, '+<s>');
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }
}
