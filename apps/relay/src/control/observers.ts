import type { Writable } from 'node:stream';
import type { Observation } from '@caravan/data-plane';
import { SIGN_OF_LIFE_MS } from '@caravan/data-plane/relay';

const SIGN_OF_LIFE = '\n';

/**
 * Streams of observations: the first at once, then one after changes, those of 100 ms taken together. Between them signs of life:
 * where this thread stands still nothing is carried, and none comes.
 */
export class Observers {
  readonly #streams = new Set<Writable>();
  #timer: NodeJS.Timeout | undefined;
  #life: NodeJS.Timeout | undefined;

  constructor(
    private readonly observe: () => Observation,
    private readonly debounceMs: number,
  ) {}

  add(stream: Writable): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#remove(stream));
    stream.write(this.#line());
    this.#life ??= setInterval(() => this.#live(), SIGN_OF_LIFE_MS).unref();
  }

  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, this.debounceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#life);
    for (const stream of this.#streams) stream.destroy();
  }

  #remove(stream: Writable): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    clearInterval(this.#life);
    this.#life = undefined;
  }

  #live(): void {
    for (const stream of this.#streams) if (!stream.writableNeedDrain) stream.write(SIGN_OF_LIFE);
  }

  #tell(): void {
    if (this.#streams.size === 0) return;
    const line = this.#line();
    for (const stream of this.#streams) {
      if (!stream.writableNeedDrain) stream.write(line);
      // Who does not read gets the last state when it does.
      else if (stream.listenerCount('drain') === 0) stream.once('drain', () => stream.write(this.#line()));
    }
  }

  #line(): string {
    return JSON.stringify(this.observe()) + '\n';
  }
}
