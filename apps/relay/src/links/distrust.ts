import type { ItemState } from '@caravan/data-plane';

/** One end of a link does not take the certificate of the other, as far as the dialling end can tell. */
export class Distrust extends Error {
  override readonly name = 'Distrust';

  constructor(
    readonly of: NonNullable<ItemState['distrust']>,
    message: string,
  ) {
    super(message);
  }
}
