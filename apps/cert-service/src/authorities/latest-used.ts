/** A map that forgets what was used longest ago. */
export class LatestUsed<Value> {
  readonly #values = new Map<string, Value>();

  constructor(private readonly max: number) {}

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.max) break;
      this.#values.delete(oldest);
    }
  }

  /** Unless something else has taken its place. */
  delete(key: string, value: Value): void {
    if (this.#values.get(key) === value) this.#values.delete(key);
  }
}
