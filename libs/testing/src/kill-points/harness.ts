import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reached } from '@caravan/kill-points';

/** A process that stands at a point until it is let go, or dies. */
export interface Held {
  readonly reached: Reached;
  letGo(): void;
}

export type Fits = (reached: Reached) => boolean;

interface Trap {
  readonly fits: Fits;
  readonly waits: Fits;
  readonly caught: (held: Held) => void;
}

/**
 * The other end of the kill points: every process that was started with `CARAVAN_KILL_POINTS=<socketPath>` says here where it
 * is and goes on when it hears so. That is at once, except for the first one that steps into a trap.
 */
export class Harness {
  readonly socketPath: string;
  /** Everything that was reached, in its order, since `forget`. */
  readonly passages: Reached[] = [];
  private readonly directory = mkdtempSync(join(tmpdir(), 'caravan-kill-points-'));
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private trap: Trap | undefined;
  private readonly waiting: (() => void)[] = [];

  private constructor() {
    this.socketPath = join(this.directory, 'harness');
    this.server = createServer((socket) => this.follow(socket));
  }

  static async open(): Promise<Harness> {
    const harness = new Harness();
    await new Promise<void>((resolve, reject) => {
      harness.server.once('error', reject).listen(harness.socketPath, resolve);
    });
    return harness;
  }

  /**
   * The first passage from now on that fits is held; those that fit `waits` go on only when it is. One trap at a time: a new one
   * takes the place of the old.
   */
  set(fits: Fits, waits: Fits = () => false): Promise<Held> {
    return new Promise((caught) => (this.trap = { fits, waits, caught }));
  }

  /** Whoever comes now goes on, and what was reached so far is forgotten. */
  forget(): void {
    this.spring();
    this.passages.length = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private follow(socket: Socket): void {
    this.sockets.add(socket);
    let unread = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unread + text).split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) this.heard(JSON.parse(line) as Reached, socket);
    });
    socket.on('error', () => socket.destroy()); // the process was killed
    socket.on('close', () => this.sockets.delete(socket));
  }

  private heard(reached: Reached, socket: Socket): void {
    this.passages.push(reached);
    const letGo = () => void (socket.destroyed || socket.write(`${reached.id}\n`));
    const { trap } = this;
    if (trap?.fits(reached)) {
      this.spring();
      trap.caught({ reached, letGo });
    } else if (trap?.waits(reached)) this.waiting.push(letGo);
    else letGo();
  }

  private spring(): void {
    this.trap = undefined;
    for (const letGo of this.waiting.splice(0)) letGo();
  }
}
