/** Something that must be there first is not there yet; the same request will succeed later. */
export class Awaiting extends Error {
  override readonly name = 'Awaiting';

  constructor(readonly what: string) {
    super(`awaiting ${what}`);
  }
}

/** It can never be: asking again gives the same code. */
export class Impossible extends Error {
  override readonly name = 'Impossible';

  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
