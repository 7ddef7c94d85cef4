import { PkiError } from './pki-error.js';

/** The code that an action is refused with; `accepted` when it is not refused. Any other error is the test's failure. */
export function codeOf(action: () => unknown): string {
  try {
    action();
    return 'accepted';
  } catch (error) {
    if (error instanceof PkiError) return error.code;
    throw error;
  }
}
