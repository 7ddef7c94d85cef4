import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether the process that a site named runs and is still that one: a number is given to others later, a directory is in its command line. */
export const isItsProcess = async ({ pid, dir }: { readonly pid: number; readonly dir: string }): Promise<boolean> =>
  (await commandLine(pid)).includes(dir);

const commandLine = (pid: number): Promise<string> =>
  promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '', // ps fails when there is no such process
  );
