const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SAME_KEY_PRESS_MS = 1_000; // Ctrl-C under npm arrives twice: from the terminal, and passed on by npm

/**
 * Calls `stop` on the first of SIGINT, SIGTERM, SIGHUP, and `hurry` on a second one that is more than a second later. The
 * handlers stay: a signal never ends this process before its children. Returns how to take them away again.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void, hurry: () => void = () => undefined): () => void {
  let first: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = performance.now();
      stop(signal);
    } else if (performance.now() - first > SAME_KEY_PRESS_MS) hurry();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => SIGNALS.forEach((signal) => process.off(signal, handle));
}
