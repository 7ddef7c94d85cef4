import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * What a parent cannot do when it is killed with -9: stop its children. A tiny shell in a session of its own reads
 * `add <pid> <signal>` and `drop <pid>`; when its input ends, the parent is gone, and whatever was not dropped is asked
 * to stop and killed eight seconds later. A process that stops its children itself drops each, and the guard goes quietly.
 */
const GUARD_SCRIPT = `
children=
while read -r verb pid signal; do
  case $verb in
    add) children="$pid:$signal $children" ;;
    drop) kept=
      for child in $children; do [ "\${child%%:*}" = "$pid" ] || kept="$kept $child"; done
      children=$kept ;;
  esac
done
for child in $children; do kill -s "\${child#*:}" "\${child%%:*}" 2>/dev/null; done
tenths=0
while [ $tenths -lt 80 ]; do
  alive=
  for child in $children; do kill -0 "\${child%%:*}" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  tenths=$((tenths + 1))
done
for child in $children; do kill -s KILL -- "-\${child%%:*}" 2>/dev/null; done
`;

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT';

let guard: ChildProcess | undefined;

function input(): Writable {
  if (guard?.stdin?.writable && guard.exitCode === null) return guard.stdin;
  const started = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'caravan-guard'], {
    detached: true, // Ctrl-C in the terminal goes to the whole process group: the guard must outlive it
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { stdin } = started;
  stdin.on('error', () => (guard = undefined)); // the guard itself was killed: the next child gets a new one
  started.on('error', () => (guard = undefined));
  started.unref();
  (stdin as Writable & { unref?: () => void }).unref?.();
  guard = started;
  return stdin;
}

/** From now on `pid` (the leader of its own process group) is stopped when this process is gone. */
export function guardChild(pid: number, signal: StopSignal): void {
  input().write(`add ${pid} ${signal.slice('SIG'.length)}\n`);
}

/** `pid` has ended: the guard forgets it, before the number can belong to somebody else. */
export function releaseChild(pid: number): void {
  if (guard?.stdin?.writable) guard.stdin.write(`drop ${pid}\n`);
}
