/** How long a relay may say nothing, in milliseconds. */
export interface Patience {
  /** From the question to the first byte of its answer: a relay may be long at work on a large configuration. */
  readonly answerMs: number;
  /** Between two bytes of an answer. */
  readonly silentMs: number;
  /** Then this much more, whatever the first look found: who was held up itself has not read yet what was said meanwhile. */
  readonly onceMoreMs: number;
}

/** On a large configuration a relay is at work without a word; measured with up to 44 MB, it takes a fifth of this at most. */
const WORK_MS_PER_MIB = 10_000;
export const workMs = (configurationBytes: number): number => (configurationBytes / (1024 * 1024)) * WORK_MS_PER_MIB;

/** Two signs of life are missed before the first look, three before the last. */
export const productionPatience: Patience = { answerMs: 30_000, silentMs: 7_000, onceMoreMs: 3_000 };

/** A relay that is there and says nothing: it was stopped, or does not come round to it. */
export class Silent extends Error {
  constructor(ms: number) {
    super(`it has said nothing for ${ms / 1_000} s. One that stays so has to be ended; its supervisor starts another`);
  }
}

interface Around {
  /** How much longer it may last just now, for what the relay is known to be at work on. */
  readonly busyMs?: () => number;
  readonly now?: () => number;
}

/** Listens for silence while something is to be said: calls `over` when there was too much of it, once at most. */
export class Silence {
  #heardAt: number;
  #mayLastMs: number;
  #isInDoubt = false;
  #timer: NodeJS.Timeout | undefined;
  #last: NodeJS.Immediate | undefined;
  readonly #busyMs: () => number;
  readonly #now: () => number;

  constructor(
    private readonly patience: Patience,
    private readonly over: (why: Silent) => void,
    { busyMs = () => 0, now = () => performance.now() }: Around = {},
  ) {
    this.#busyMs = busyMs;
    this.#now = now;
    this.#heardAt = now();
    this.#mayLastMs = patience.answerMs;
    this.#wait(patience.answerMs);
  }

  /** Cheap, since it is called for every piece of what is said: the timer finds out by itself. */
  heard(): void {
    const isFirst = this.#mayLastMs !== this.patience.silentMs;
    this.#heardAt = this.#now();
    this.#isInDoubt = false;
    this.#mayLastMs = this.patience.silentMs;
    if (isFirst && this.#timer) this.#wait(this.#mayLastMs);
  }

  /** Nothing more is to be said. */
  end(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#last);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const { onceMoreMs } = this.patience;
    const leftMs = this.#heardAt + this.#mayLastMs + this.#busyMs() - this.#now();
    if (leftMs > 0) return this.#wait(leftMs);
    if (!this.#isInDoubt) {
      this.#isInDoubt = true;
      return this.#wait(onceMoreMs);
    }
    // A timer comes before what is there to be read: this comes after it.
    this.#last = setImmediate(() => {
      if (!this.#isInDoubt) return this.#look();
      this.end();
      this.over(new Silent(this.#mayLastMs + onceMoreMs));
    });
  }
}
