import { Distrust } from './distrust.js';
import type { Line } from './line.js';

/**
 * Calls `then` when what is offered over a line is known where it is heard; or after `timeoutMs`, for one whose other end does
 * not say that it has told all. Not at all when the line is lost before.
 */
export function offersKnown(line: Line, timeoutMs: number, then: () => void): void {
  const end = (): void => {
    clearTimeout(timer);
    line.off('offersKnown', known);
  };
  const known = (): void => {
    end();
    then();
  };
  const timer = setTimeout(known, timeoutMs);
  line.once('offersKnown', known);
  line.once('closed', end);
  line.once('draining', end);
  if (line.areOffersKnown) known();
}

/** In TLS 1.3 the dialler is done before the other end has judged its certificate; only a greeting says that it was accepted. */
export function greeted(line: Line, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandoned);
      if (!error) return resolve();
      line.drop(error.message);
      reject(error);
    };
    const abandoned = (): void => give(new Error('given up'));
    const timer = setTimeout(() => give(new Error('the other end does not greet')), timeoutMs);
    signal.addEventListener('abort', abandoned);
    line.once('greeted', () => give());
    line.once('closed', (reason) =>
      give(new Distrust('theirs', `closed before it greeted; does it accept this certificate? (${reason})`)),
    );
    if (line.status === 'up') give();
    else if (line.status === 'closed' || signal.aborted) give(new Error('closed before it greeted'));
  });
}
