import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildSpec } from './logged-child.js';
import { stopLeftovers } from './pid-file.js';
import { SupervisedProcess } from './supervised-process.js';
import type { ProcessSpec, Say } from './supervised-process.js';

export interface ProcessGroupOptions {
  /** Each child logs to `<logDir>/<name>.log`. */
  readonly logDir: string;
  /** Where it is written down what runs, so that a start after `kill -9` finds and stops what was left. */
  readonly runDir: string;
  readonly say?: Say;
}

/** Anything that can be stopped with the group: a server that was started by other means. */
export interface Stoppable {
  readonly name: string;
  stop(killAfterMs?: number): Promise<unknown>;
}

const IN_ORDER_MS = 5_000; // as long, together, as the later ones may hold up the stop of the earlier ones
const KILL_AT_MS = 8_000;

/** The children of this process. Started in an order that matters, stopped in reverse, none left behind. */
export class ProcessGroup {
  private readonly members: Stoppable[] = [];
  private stopped: Promise<void> | undefined;

  private constructor(
    private readonly options: ProcessGroupOptions,
    private readonly say: Say,
  ) {}

  /** Stops what an earlier group on the same directory left running, then is ready for `start`. */
  static async open(options: ProcessGroupOptions): Promise<ProcessGroup> {
    const say = options.say ?? (() => undefined);
    mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
    const names = await stopLeftovers(options.runDir);
    if (names.length > 0) say(`stopped what an earlier start had left running: ${names.join(', ')}`);
    return new ProcessGroup(options, say);
  }

  /** Starts a child and resolves when it is ready; fails with the last lines of its log when it does not get there. */
  async start(spec: ProcessSpec): Promise<SupervisedProcess> {
    if (this.stopped) throw new Error(`${spec.name} cannot be started: everything is being stopped`);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(spec.name))
      throw new Error(`"${spec.name}" cannot name a process and its log`);
    const supervised = new SupervisedProcess(spec, this.childSpec(spec), this.say);
    this.members.push(supervised); // before it is ready: a stop in the meantime must find it
    try {
      await supervised.start();
    } catch (error) {
      this.members.splice(this.members.indexOf(supervised), 1);
      throw error;
    }
    return supervised;
  }

  /** Makes `member` one of the group: stopped with it, in its turn. */
  adopt(member: Stoppable): void {
    this.members.push(member);
  }

  /** Stops one member and forgets it. */
  async remove(member: Stoppable): Promise<void> {
    await member.stop();
    const index = this.members.indexOf(member);
    if (index >= 0) this.members.splice(index, 1);
  }

  /**
   * Ends one child of `start` and leaves it so, for work on what it has on its disk. Gives back what starts it again; it keeps its
   * turn among those that the group stops.
   */
  async takeDown(name: string): Promise<() => Promise<void>> {
    const index = this.members.findIndex((each) => each.name === name);
    const member = this.members[index];
    if (!(member instanceof SupervisedProcess)) throw new Error(`nothing called ${name} was started here`);
    await member.stop();
    return async () => {
      if (this.stopped) throw new Error(`${name} cannot be started: everything is being stopped`);
      const again = new SupervisedProcess(member.spec, this.childSpec(member.spec), this.say);
      this.members[index] = again;
      await again.start();
    };
  }

  /**
   * Stops all in reverse order, each after the one before has ended, so that what others stand on goes last. Whoever is slow
   * does not stop the rest from being asked in time, and is killed eight seconds from now.
   */
  stop(): Promise<void> {
    return (this.stopped ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    const start = performance.now();
    const elapsed = (): number => performance.now() - start;
    const ends: Promise<unknown>[] = [];
    const failures: Error[] = [];
    for (const member of [...this.members].reverse()) {
      const end = member.stop(Math.max(0, KILL_AT_MS - elapsed())).catch((error: Error) => failures.push(error));
      ends.push(end);
      await Promise.race([Promise.all(ends), atMost(IN_ORDER_MS - elapsed())]);
    }
    await Promise.all(ends);
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped');
  }

  private childSpec(spec: ProcessSpec): ChildSpec {
    const { logDir, runDir } = this.options;
    return { ...spec, logFile: join(logDir, `${spec.name}.log`), pidFile: join(runDir, `${spec.name}.pid`) };
  }
}

const atMost = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)).unref());
