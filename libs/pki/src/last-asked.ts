/**
 * What was made of the texts that were asked about last, `most` of them: reading a certificate costs a millisecond, and the same few are asked
 * about again and again. What cannot be made is not kept.
 */
export class LastAsked<Made> {
  readonly #made = new Map<string, Made>(); // what was asked about longest ago first

  constructor(
    private readonly most: number,
    private readonly make: (text: string) => Made,
  ) {}

  /** @throws what making it throws */
  of(text: string): Made {
    const made = this.#made.get(text) ?? this.make(text);
    this.#made.delete(text);
    this.#made.set(text, made);
    if (this.#made.size > this.most) this.#made.delete(this.#made.keys().next().value!);
    return made;
  }
}
