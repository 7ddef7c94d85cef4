/** One step as it is told. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
}

/** Runs steps, tells each with its time, and remembers how they went. */
export class Narration {
  readonly steps: Step[] = [];

  constructor(private readonly write: (text: string) => void) {}

  say(text: string): void {
    this.write(`${text}\n`);
  }

  /** @throws what the step throws, after telling that it failed. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const done = (ok: boolean): void => {
      const ms = Math.round(performance.now() - start);
      this.steps.push({ name, ok, ms });
      this.say(`  ${ok ? '✓' : '✗'} ${name.padEnd(66)} ${(ms / 1000).toFixed(2).padStart(6)} s`);
    };
    try {
      const result = await work();
      done(true);
      return result;
    } catch (error) {
      done(false);
      throw error;
    }
  }
}
