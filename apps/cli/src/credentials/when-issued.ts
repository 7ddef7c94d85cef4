import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '@caravan/api';
import { lateNotice, QUIET_MS } from '../output/late-notice.js';
import type { Terminal } from '../terminal.js';

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
  const until = performance.now() + forMs;
  const notice = lateNotice('The certificate is being signed; waiting for it', forMs, terminal, quietMs);
  try {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const pending = error instanceof ApiError && error.problem.code === 'certificate.pending';
        if (!pending || performance.now() > until) throw error;
        notice.tell();
        await pause(pauseMs);
      }
    }
  } finally {
    notice.end();
  }
};
