import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_RESTART, countRestart, restartDelay } from './back-off.js';
import type { RestartPolicy } from './back-off.js';
import { LoggedChild, describeExit } from './logged-child.js';
import type { ChildSpec, Exit } from './logged-child.js';

/** A line of the child's log that says it is ready, or a question asked until the answer is true. */
export type Readiness = RegExp | (() => boolean | Promise<boolean>);

export interface ProcessSpec extends Omit<ChildSpec, 'logFile' | 'pidFile'> {
  /** Without it, started is ready. */
  readonly ready?: Readiness;
  /** Default 30 s. */
  readonly readyWithinMs?: number;
  /** What to do when it ends by itself. Default: start it again with a growing delay. */
  readonly restart?: RestartPolicy | 'never';
}

/** Told when a child ends that nobody stopped, and what is done about it. */
export type Say = (line: string) => void;

/** One child that is kept running until it is stopped. */
export class SupervisedProcess {
  private child: LoggedChild | undefined;
  private restartsInARow = 0;
  private readonly stopping = new AbortController();
  /** Restarts so far. */
  restarts = 0;

  constructor(
    readonly spec: ProcessSpec,
    private readonly childSpec: ChildSpec,
    private readonly say: Say,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  /** Of the present run; undefined while none runs. */
  get pid(): number | undefined {
    return this.child?.exit ? undefined : this.child?.pid;
  }

  /** How the last run ended, while no other runs. */
  get exit(): Exit | undefined {
    return this.child?.exit;
  }

  get logFile(): string {
    return this.childSpec.logFile;
  }

  /** Resolves when it is ready. A first start that fails is an error, and is not tried again. */
  async start(): Promise<void> {
    const child = await this.run();
    const readyAt = performance.now();
    void child.exited.then((exit) => this.ended(child, exit, readyAt));
  }

  /** `kill -9` of the present run, as a crash would; the restart policy then applies. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  /** Asks it to stop; kills it after `killAfterMs`. It is not started again. */
  async stop(killAfterMs?: number): Promise<void> {
    this.stopping.abort();
    await this.child?.stop(killAfterMs);
  }

  private async run(): Promise<LoggedChild> {
    const child = (this.child = await LoggedChild.start(this.childSpec));
    if (this.stopping.signal.aborted) await child.stop();
    const { ready, readyWithinMs = 30_000 } = this.spec;
    try {
      if (ready instanceof RegExp) await child.waitForLine(ready, readyWithinMs);
      else if (ready) await child.waitUntil(ready, readyWithinMs);
      else if (child.pid === undefined) throw child.failure(describeExit(await child.exited));
    } catch (error) {
      await child.kill();
      throw error;
    }
    return child;
  }

  private async ended(child: LoggedChild, exit: Exit, readyAt: number): Promise<void> {
    const policy = this.spec.restart ?? DEFAULT_RESTART;
    let why = child.failure(describeExit(exit)).message;
    let ranMs = performance.now() - readyAt;
    while (!this.stopping.signal.aborted) {
      if (policy === 'never') return this.say(why);
      this.restartsInARow = countRestart(this.restartsInARow, ranMs, policy);
      const delay = restartDelay(this.restartsInARow, policy);
      this.say(`${why}\n  starting it again in ${delay / 1000} s`);
      try {
        await pause(delay, undefined, { signal: this.stopping.signal });
        await this.start();
        this.restarts++;
        return;
      } catch (error) {
        why = (error as Error).message;
        ranMs = 0;
      }
    }
  }
}
