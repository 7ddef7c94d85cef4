import { commandLine, descendantsOf } from '@caravan/testing/installation';

/** Pid and command line of all that this test has started, but for what PostgreSQL starts and ends by itself. */
export function processes(): Map<number, string> {
  const lines = descendantsOf(process.pid).map((pid): [number, string] => [pid, commandLine(pid)]);
  return new Map(lines.filter(([, line]) => line !== '' && !line.startsWith('postgres: ')));
}
