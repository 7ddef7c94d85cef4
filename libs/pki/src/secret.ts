const HIDDEN = '[secret]';

/**
 * A value that must not reach a log line, an event or an error message. Every usual way of printing shows `[secret]`;
 * `reveal()` is the one way to the value, so that `grep reveal` finds all places that handle it in the clear.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  /** `util.inspect`, hence `console.log` and most loggers. The registered symbol spares the import. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
