/**
 * Looks every so many milliseconds, and never while a look is under way: what hangs is not asked a second time. No process stays for it.
 * `look` says itself what it could not see, and throws nothing. Answers what ends it; a look that is under way then goes on to its end.
 */
export function lookEvery(everyMs: number, look: () => Promise<void>, { atOnce = false } = {}): () => void {
  let isLooking = false;
  const once = () => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  };
  if (atOnce) once();
  const timer = setInterval(once, everyMs).unref();
  return () => clearInterval(timer);
}
