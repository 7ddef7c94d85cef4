import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '@caravan/api';
import type { Terminal } from '../terminal.js';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Asks again while the answer is `certificate.pending`: the authorities are still being made, or the signer is busy. The
 * same request with the same key, so however often it is sent there is one certificate.
 */
export const whenIssued = async <Reply>(ask: () => Promise<Reply>, terminal: Terminal): Promise<Reply> => {
  const until = performance.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const pending = error instanceof ApiError && error.problem.code === 'certificate.pending';
      if (!pending || performance.now() > until) throw error;
      if (attempt === 1) terminal.err('The certificate is being signed; waiting for it …\n');
      await pause(PAUSE_MS);
    }
  }
};
