import { ApiError } from '@caravan/api';
import { lateNotice, QUIET_MS } from '../output/late-notice.js';
import type { Terminal } from '../terminal.js';
import { askAgain } from './ask-again.js';

export interface Patience {
  /** No request is begun later than this. */
  readonly forMs: number;
  /** One that is not answered by then is told of. */
  readonly quietMs: number;
  readonly pauseMs: number;
}

const PATIENCE: Patience = { forMs: 60_000, quietMs: QUIET_MS, pauseMs: 500 };

/**
 * Asks again while the answer is `certificate.pending`: the authorities are still being made, or the signer is busy or away. The
 * same request with the same key, so however often it is sent there is one certificate. Says once for what it waits, and how long
 * at most, when it is told to or nobody answers for some seconds.
 */
export const whenIssued = async <Reply>(
  ask: () => Promise<Reply>,
  terminal: Pick<Terminal, 'err'>,
  { forMs, quietMs, pauseMs }: Patience = PATIENCE,
): Promise<Reply> => {
  const { tell, end } = lateNotice('The certificate is being signed; waiting for it', forMs, terminal, quietMs);
  return askAgain(ask, { passes: isPending, tell, forMs, pauseMs }).finally(end);
};

const isPending = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.code === 'certificate.pending';
