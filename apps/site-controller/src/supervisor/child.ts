import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { delayAfter, Waiting } from '../pacing/index.js';
import { LogFile } from './log-file.js';
import { toldBy } from './messages.js';
import type { Told } from './messages.js';

export interface ChildSpec {
  readonly name: string;
  /** A script for this Node, with its arguments. */
  readonly args: readonly string[];
  /** Of Node, before the script: such that it is the better for them, and runs without them on a Node that has none such. */
  readonly flags?: readonly string[];
  /** Asked at each start. */
  readonly env: () => NodeJS.ProcessEnv;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** Whether to start it again after it ended so. */
  readonly isFinal: (code: number | null) => boolean;
  readonly told?: (told: Told) => void;
  /** The first message to each process that is started; undefined: none. */
  readonly greeting?: () => object | undefined;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const BACK_OFF = { firstMs: 200, mostMs: 10_000 };
/** One that ran so long was healthy: its next start does not wait. */
const HEALTHY_AFTER_MS = 30_000;
/** How often somebody looks whether a log has become too long. */
const LOOK_MS = 60_000;
/** How Node ends that does not know an option (its documentation, Process exit codes). */
const BAD_OPTION = 9;

/** One process that is kept running until it is stopped or ends for good. Its standard input ends with this process. */
export class Child {
  private process: ChildProcess | undefined;
  private readonly waiting = new Waiting();
  private flags: readonly string[];
  private readonly log: LogFile;

  constructor(
    private readonly spec: ChildSpec,
    private readonly say: (line: string) => void,
    private readonly logging: { readonly mostBytes?: number; readonly lookMs?: number } = {},
  ) {
    this.log = new LogFile(spec.logFile, logging.mostBytes);
    this.flags = spec.flags ?? [];
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Resolves when it has ended for good, with how. */
  async run(): Promise<End> {
    const { name, isFinal } = this.spec;
    for (let failures = 0; ;) {
      const started = performance.now();
      const end = await this.once();
      if (this.waiting.ended || isFinal(end.code)) return end;
      if (end.code === BAD_OPTION && this.flags.length > 0) {
        this.say(`this Node does not know one of ${this.flags.join(' ')}: ${name} is started without`);
        this.flags = [];
        continue;
      }
      failures = performance.now() - started > HEALTHY_AFTER_MS ? 1 : failures + 1;
      const pauseMs = delayAfter(failures, BACK_OFF, Math.random());
      this.say(`${name} ended (${inWords(end)}); it is started again in ${(pauseMs / 1000).toFixed(1)} s`);
      await this.waiting.pause(pauseMs);
      if (this.waiting.ended) return end;
    }
  }

  /** Asks it to end, and kills it when it has not after `killAfterMs`. */
  stop(killAfterMs: number): void {
    this.waiting.end();
    this.process?.kill('SIGTERM');
    setTimeout(() => this.process?.kill('SIGKILL'), killAfterMs).unref();
  }

  private once(): Promise<End> {
    const { args, env, told, name, greeting } = this.spec;
    const log = this.openLog();
    try {
      const to = log ?? 'ignore';
      // 'advanced': bytes arrive as bytes, and no string with a key in it is made of them here.
      const stdio: StdioOptions = ['pipe', to, to, 'ipc'];
      const child = spawn(process.execPath, [...this.flags, ...args], { env: env(), stdio, serialization: 'advanced' });
      this.process = child;
      const looking = setInterval(() => this.keepLogShort(), this.logging.lookMs ?? LOOK_MS).unref();
      child.stdin?.on('error', () => undefined); // one that closes its input ends the pipe, not us
      child.on('message', (message) => told?.(toldBy(message)));
      const first = greeting?.();
      if (first && child.connected) child.send(first, () => undefined); // one that has ended already is started again
      return new Promise((resolve) => {
        const ended = (end: End): void => {
          this.process = undefined;
          clearInterval(looking);
          resolve(end);
        };
        child.once('exit', (code, signal) => ended({ code, signal }));
        child.once('error', (error) => {
          this.say(`${name} cannot be started: ${error.message}`);
          ended({ code: null, signal: null });
        });
      });
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  /** What it writes matters less than what it does: it runs also where there is no log, or no room to keep one. */
  private openLog(): number | undefined {
    try {
      const log = this.log.open();
      this.keepLogShort();
      return log;
    } catch (error) {
      this.say(`${this.spec.name} runs without a log until it is started again: ${(error as Error).message}`);
      return undefined;
    }
  }

  private keepLogShort(): void {
    try {
      this.log.keepShort();
    } catch (error) {
      this.say(`the log of ${this.spec.name} is too long and cannot be begun anew: ${(error as Error).message}`);
    }
  }
}

export const inWords = ({ code, signal }: End): string =>
  signal ? `signal ${signal}` : code === null ? 'not started' : `exit code ${code}`;
