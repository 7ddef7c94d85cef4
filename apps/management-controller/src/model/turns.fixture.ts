import { seeded } from '@caravan/testing';

/** One life of one process of the service: it may be killed at any of its looks at the log, and then nothing more comes of it. */
export class Life {
  /** The turn at which a stream was last read by it. */
  readonly readAt = new Map<string, number>();
  dead = false;
  /** Dies at its so many-th turn from now, with that turn's effect or without. */
  fate: { turns: number; readonly withEffect: boolean } | undefined;
  /** What becomes of its next append: it is not stored, or nobody says that it was. */
  trouble: 'lost' | 'unanswered' | undefined;
  private end: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  die(): void {
    this.dead = true;
    this.end();
  }
}

interface Waiting {
  readonly life: Life;
  readonly go: () => Promise<void>;
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
const microtasksAreDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Lets flows go on in any order, but one look at the log at a time: whatever a flow does between two looks, it does alone. A flow
 * that is by itself does not wait.
 */
export class Turns {
  /** Grows with each look at the log. */
  now = 0;
  private alone = true;
  private waiting: Waiting[] = [];

  /** A look at the log, when its turn has come. */
  take<T>(life: Life, look: () => Promise<T>): Promise<T> {
    if (life.dead) return never();
    if (this.alone) return this.have(life, look);
    return new Promise((resolve, reject) => {
      const go = (): Promise<void> => this.have(life, look).then(resolve, reject);
      this.waiting.push({ life, go });
    });
  }

  /** Runs all of them to their ends, or to that of their process. `choose` says whose turn it is. */
  async together(flows: readonly { readonly life: Life; run(): Promise<void> }[], choose: (of: number) => number) {
    this.alone = flows.length === 1;
    let underWay = 0;
    const ends = flows.map(async ({ life, run }) => {
      underWay++;
      try {
        await Promise.race([run(), life.ended]);
      } finally {
        underWay--;
      }
    });
    const all = Promise.all(ends);
    all.catch(() => undefined); // one may fail before anybody waits for it; it is thrown below
    while (!this.alone) {
      await microtasksAreDone();
      this.waiting = this.waiting.filter(({ life }) => !life.dead);
      if (underWay === 0) break;
      const [next] = this.waiting.splice(choose(this.waiting.length), 1);
      if (!next) throw new Error('flows wait for each other');
      await Promise.race([next.go(), next.life.ended]);
    }
    this.alone = true;
    await all;
  }

  private async have<T>(life: Life, look: () => Promise<T>): Promise<T> {
    const { fate } = life;
    this.now++;
    if (!fate || --fate.turns > 0) return look();
    if (fate.withEffect) await look();
    life.die();
    return never();
  }
}

/** Numbers that look random and are always the same for a seed (mulberry32). */
export function diceOf(seed: number): (sides: number) => number {
  const next = seeded(seed);
  return (sides) => (sides === 0 ? 0 : (next() * 2 ** 32) % sides);
}
