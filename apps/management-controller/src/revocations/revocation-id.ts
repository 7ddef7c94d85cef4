import type { RevocationTarget } from '@caravan/events';
import { derivedId } from '@caravan/platform';

/** Nothing is revoked twice: whoever asks about the same thing asks about the same revocation. */
export const revocationIdOf = (kind: RevocationTarget['kind'], id: string): string => derivedId('revocation', kind, id);
