import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whether the process that a site named runs and is still that one: a number is given to others later, a directory is in its command line. */
export const isItsProcess = async ({ pid, dir }: { readonly pid: number; readonly dir: string }): Promise<boolean> =>
  (await commandLine(pid)).includes(dir);

/** What a supervisor holds from its first moment to its last; its number comes first. A kill leaves it behind. */
const LOCK_FILE = 'supervisor.lock';

/** The process that runs the site of a directory, also before that site can say anything; undefined if there is none. */
export const supervisorOf = async (dir: string): Promise<number | undefined> => {
  const lock = await readFile(path.join(dir, LOCK_FILE), 'utf8').catch(() => '');
  const pid = Number(lock.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && (await isItsProcess({ pid, dir })) ? pid : undefined;
};

const commandLine = (pid: number): Promise<string> =>
  promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '', // ps fails when there is no such process
  );
