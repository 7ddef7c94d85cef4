/**
 * Resolves, with the reason, when this process should end: SIGTERM, SIGINT, SIGHUP, or the end of its parent, which holds the other
 * end of standard input (`CARAVAN_PARENT=stdin`) and never writes to it. A second signal a second later ends it at once.
 */
export function endOfParent(): Promise<string> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked !== undefined && performance.now() - asked > 1_000) process.exit(130);
        asked ??= performance.now();
        resolve(signal);
      });
    }
    if (process.env['CARAVAN_PARENT'] !== 'stdin') return;
    delete process.env['CARAVAN_PARENT']; // it says nothing about the children of this process
    const gone = () => resolve('the parent is gone');
    process.stdin.once('end', gone).once('close', gone).once('error', gone).resume();
  });
}
