/**
 * What `promised` resolves with, unless it takes too long or `signal` is aborted first; what comes later is given to
 * `tooLate`. Leaves nothing behind on a signal that outlives it, which `AbortSignal.any` does.
 */
export function inTime<T>(
  promised: Promise<T>,
  { ms, signal, tooLate }: { ms: number; signal: AbortSignal; tooLate: (value: T) => void },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      settle();
    };
    const aborted = (): void => end(() => reject(signal.reason as Error));
    const timer = setTimeout(() => end(() => reject(new Error(`nothing within ${ms / 1000} s`))), ms);
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    promised.then(
      (value) => (isOver ? tooLate(value) : end(() => resolve(value))),
      (error: Error) => end(() => reject(error)),
    );
  });
}
