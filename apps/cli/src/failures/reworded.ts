/** A failure whose command knows more than whoever threw it: what it means here, and what to do instead. Code and facts stay. */
export class Reworded extends Error {
  override readonly name = 'Reworded';

  constructor(
    override readonly cause: unknown,
    readonly more: {
      /** Said before what happened: `The invitation was created, its file was not made`. */
      readonly before?: string;
      /** Instead of those that are known by the code alone. */
      readonly remedies: readonly string[];
    },
  ) {
    super(more.before ?? String(cause), { cause });
  }
}
