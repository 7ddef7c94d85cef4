/**
 * The child's half of `CARAVAN_PARENT=stdin`: a parent holds the other end of this process's standard input and never
 * writes to it, so its end means that the parent is gone, however it went. Calls `stop` then, once; does nothing in a
 * process that was started otherwise.
 */
export function stopWithParent(stop: () => void): void {
  if (process.env['CARAVAN_PARENT'] !== 'stdin') return;
  delete process.env['CARAVAN_PARENT']; // it says nothing about the children of this process
  let told = false;
  const tell = (): void => {
    if (!told) stop();
    told = true;
  };
  process.stdin.on('end', tell).on('close', tell).on('error', tell).resume();
  process.stdin.unref();
}
