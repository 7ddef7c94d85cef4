/** A map that is told when it is asked for what it has not, and may object. */
export class Register<V> extends Map<string, V> {
  readonly #missed: () => void;

  constructor(missed: () => void) {
    super();
    this.#missed = missed;
  }

  /** As `get`, and nobody is told when there is nothing. */
  peek(key: string): V | undefined {
    return super.get(key);
  }

  /** @throws what `missed` throws. */
  override get(key: string): V | undefined {
    if (!super.has(key)) this.#missed();
    return super.get(key);
  }

  /** @throws what `missed` throws. */
  override has(key: string): boolean {
    const present = super.has(key);
    if (!present) this.#missed();
    return present;
  }
}
