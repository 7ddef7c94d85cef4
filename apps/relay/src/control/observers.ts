import type { Writable } from 'node:stream';
import type { Observation } from '@caravan/data-plane';

/** Streams of observations: the first at once, then one after changes, those of 100 ms taken together. */
export class Observers {
  readonly #streams = new Set<Writable>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly observe: () => Observation,
    private readonly debounceMs: number,
  ) {}

  add(stream: Writable): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    stream.write(this.#line());
  }

  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, this.debounceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const stream of this.#streams) stream.destroy();
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
