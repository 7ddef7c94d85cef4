import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { guardChild, releaseChild } from './guard.js';
import type { StopSignal } from './guard.js';
import { quoteLastLines, readFrom } from './log-tail.js';
import { stopLeftover, writePidFile } from './pid-file.js';

/** One program to run, its output going to a file of its own. */
export interface ChildSpec {
  /** Names the child in messages. */
  readonly name: string;
  /** A program; or, ending in `.js` or `.mjs`, a script for the Node that runs this. */
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment of the child; by default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Standard output and error are appended here; made with its directory, readable by the owner only. */
  readonly logFile: string;
  /** What asks the program to stop in good order. Default `SIGTERM`. */
  readonly stopSignal?: StopSignal;
  /** Written while the child runs; a process that an earlier, killed parent left running under it is stopped first. */
  readonly pidFile?: string;
  /** Run as another user (this process must be root). */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** How a child ended; `error` when it could not be started at all. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

export function describeExit(exit: Exit): string {
  if (exit.error) return `could not be started: ${exit.error.message}`;
  return exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
}

const KILL_AFTER_MS = 8_000;

const commandLine = ({ command, args = [] }: ChildSpec): [string, ...string[]] =>
  /\.m?js$/.test(command) ? [process.execPath, command, ...args] : [command, ...args];

/**
 * A running child in a process group of its own, so that Ctrl-C in a terminal reaches only the parent, which then stops its
 * children in order. Its standard input is a pipe that ends with the parent (`CARAVAN_PARENT=stdin`), and a guard stops
 * it should the parent be killed.
 */
export class LoggedChild {
  readonly exited: Promise<Exit>;
  private ended: Exit | undefined;

  private constructor(
    readonly spec: ChildSpec,
    private readonly child: ChildProcess,
    private readonly logStart: number,
  ) {
    this.exited = new Promise((resolve) => {
      const end = (exit: Exit): void => {
        if (child.pid !== undefined) releaseChild(child.pid);
        if (spec.pidFile !== undefined) rmSync(spec.pidFile, { force: true });
        this.ended = exit;
        resolve(exit);
      };
      child.once('exit', (code, signal) => end({ code, signal }));
      child.once('error', (error) => end({ code: null, signal: null, error }));
    });
  }

  /** Starts the program; that it could not be started shows in `exit`. */
  static async start(spec: ChildSpec): Promise<LoggedChild> {
    if (spec.pidFile !== undefined) await stopLeftover(spec.pidFile);
    const started = LoggedChild.spawn(spec);
    try {
      started.noteDown();
    } catch (error) {
      await started.kill(); // nobody would find it, nor end it
      throw error;
    }
    return started;
  }

  private static spawn(spec: ChildSpec): LoggedChild {
    mkdirSync(dirname(spec.logFile), { recursive: true, mode: 0o700 });
    const log = openSync(spec.logFile, 'a', 0o600);
    const logStart = fstatSync(log).size;
    try {
      const [command, ...args] = commandLine(spec);
      const child = spawn(command, args, {
        cwd: spec.cwd,
        env: { ...(spec.env ?? process.env), CARAVAN_PARENT: 'stdin' },
        stdio: ['pipe', log, log],
        detached: true,
        ...spec.user,
      });
      child.stdin?.on('error', () => undefined); // a program that closes its input ends the pipe, not us
      return new LoggedChild(spec, child, logStart);
    } finally {
      closeSync(log);
    }
  }

  /** For the guard, and for a later start. */
  private noteDown(): void {
    const { pidFile, stopSignal = 'SIGTERM' } = this.spec;
    if (this.pid === undefined) return;
    guardChild(this.pid, stopSignal);
    if (pidFile !== undefined) writePidFile(pidFile, this.pid, stopSignal);
  }

  /** The process id, or undefined when the program could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  get exit(): Exit | undefined {
    return this.ended;
  }

  /** Everything logged since this start. */
  output(): string {
    return readFrom(this.spec.logFile, this.logStart);
  }

  /** `<what> failed`, why, and the last lines that the child logged. */
  failure(what: string): Error {
    const { name, logFile } = this.spec;
    return new Error(`${name} ${what}\n${quoteLastLines(logFile, this.logStart)}\n  log: ${logFile}`);
  }

  /** Resolves with the match once the log of this start matches; fails when the child ends or the time is up. */
  async waitForLine(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray> {
    let found: RegExpMatchArray | null = null;
    await this.waitUntil(() => (found = this.output().match(pattern)) !== null, timeoutMs);
    return found!;
  }

  /** Resolves once `ready` answers true (asked every 10 ms); fails when the child ends or the time is up. */
  async waitUntil(ready: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      if (await ready()) return;
      if (this.ended) throw this.failure(`${describeExit(this.ended)} before it was ready`);
      if (performance.now() > deadline) throw this.failure(`was not ready within ${timeoutMs / 1000} s`);
      await pause(10);
    }
  }

  /** Asks the child to stop and kills it (with its process group) if it has not after `killAfterMs`. */
  async stop(killAfterMs: number = KILL_AFTER_MS): Promise<Exit> {
    if (this.ended) return this.ended;
    this.child.kill(this.spec.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => this.killGroup(), killAfterMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** `kill -9`, as a crash would: nothing is flushed, nothing is said. */
  async kill(): Promise<Exit> {
    if (!this.ended) this.killGroup();
    return this.exited;
  }

  private killGroup(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
