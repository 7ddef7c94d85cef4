import type { ChildProcess } from 'node:child_process';

export type Life = 'works' | 'hangs' | 'died';

/** Longer than a busy machine needs for an answer, shorter than a relay that sends without end needs for all memory. */
const PATIENCE_MS = 10_000;

/** How a process is that was asked something. One that hangs is ended: it would take the machine with it, and hears no SIGTERM. */
export async function lifeOf(child: ChildProcess, ask: () => Promise<unknown>, ms = PATIENCE_MS): Promise<Life> {
  if (child.exitCode !== null || child.signalCode !== null) return 'died';
  let refusal: unknown;
  let late: NodeJS.Timeout | undefined;
  const life = await new Promise<Life>((resolve) => {
    late = setTimeout(() => resolve('hangs'), ms);
    child.once('exit', () => resolve('died'));
    // An answer that fails is the first that is heard of a death; of what it is otherwise, the caller hears.
    ask().then(
      () => resolve('works'),
      (error: unknown) => (refusal = error),
    );
  });
  clearTimeout(late);
  if (life === 'hangs' && refusal !== undefined) throw new Error('it lives, and does not work', { cause: refusal });
  if (life === 'hangs') child.kill('SIGKILL');
  return life;
}
