import { remedyOf } from '../projection/index.js';
import type { Halt } from '../projection/index.js';

/** Thrown at who waits for a consumer that has halted. */
export class HaltedError extends Error {
  override readonly name = 'HaltedError';
  readonly code = 'consumer.halted';

  constructor(
    readonly consumer: string,
    readonly halt: Halt,
    options?: ErrorOptions,
  ) {
    const { position, stream, reason } = halt;
    const where = `position ${position}${stream ? ` (${stream})` : ''}`;
    super(`${consumer} has halted at ${where}: ${reason}. Remedy: ${remedyOf(halt)}`, options);
  }
}

interface Waiter {
  readonly position: number;
  readonly settle: (reached: boolean, error?: Error) => void;
}

/** How far a consumer has come, for those who wait until it has come far enough. */
export class PositionGate {
  private reached = 0;
  private halted: HaltedError | undefined;
  private readonly waiters = new Set<Waiter>();
  /** Called when somebody begins to wait. */
  onWait: () => void = () => undefined;

  get position(): number {
    return this.reached;
  }

  get waiting(): boolean {
    return this.waiters.size > 0;
  }

  advance(position: number): void {
    this.reached = Math.max(this.reached, position);
    for (const waiter of this.waiters) if (waiter.position <= this.reached) waiter.settle(true);
  }

  /** It begins here, which may be further back than it had been: the database was restored. */
  begin(position: number): void {
    this.reached = 0;
    this.advance(position);
  }

  /** Everybody who waits, or will, is told; with undefined it goes on. */
  halt(error: HaltedError | undefined): void {
    this.halted = error;
    if (error) for (const waiter of this.waiters) waiter.settle(false, error);
  }

  /** Whether the position is reached within `timeoutMs`. @throws HaltedError when it will not be. */
  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    if (position <= this.reached) return Promise.resolve(true);
    if (this.halted) return Promise.reject(this.halted);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        position,
        settle: (reached, error) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          if (error) reject(error);
          else resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      this.waiters.add(waiter);
      this.onWait();
    });
  }
}
