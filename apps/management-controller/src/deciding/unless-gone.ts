import { Rejection } from '@caravan/event-store';

/** For whoever takes something away: refused with `code`, it is gone already, since somebody else was quicker. */
export async function unlessGone<T>(code: string, removal: Promise<T>): Promise<T | undefined> {
  return removal.catch((error: unknown) => {
    if (!(error instanceof Rejection) || error.code !== code) throw error;
    return undefined;
  });
}
