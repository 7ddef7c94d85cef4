import { join } from 'node:path';
import { SITE_AUTHORITY, SITE_SERVER, suppliedForLink } from '@caravan/data-plane';

/** What is supplied for access points. */
export const ACCESS_POINTS: ReadonlySet<string> = new Set([SITE_SERVER, SITE_AUTHORITY]);

/** Somebody has supplied what is of no use, or of less than it was to be. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly code = 'supplied.unusable';

  /** @param name under which it lies in `directory` */
  constructor(directory: string, name: string, detail: string) {
    super(wordsOf(join(directory, name), name, detail));
  }
}

function wordsOf(what: string, name: string, detail: string): string {
  if (ACCESS_POINTS.has(name))
    return `What ${what} has does not prove every access point: ${detail}. Where it does not, what is issued to them is shown`;
  if (name.startsWith(suppliedForLink('')))
    return `What ${what} has is not shown on that link: ${detail}. The site's own certificate is`;
  return `TLS with applications needs what ${what} has, and that is not of use: ${detail}`;
}
