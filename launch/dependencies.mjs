import { accessSync, constants } from 'node:fs';
import { isInstalled, recordInstalled } from './installed.mjs';
import { chooseCache, npmCommand } from './npm.mjs';
import { progress } from './progress.mjs';
import { lastLines, runProgram } from './run-program.mjs';

/** What to do about a failed installation, told from what npm printed. */
export function remedy(output) {
  if (/EUSAGE|Missing: .* from lock file/.test(output)) {
    return 'package-lock.json does not agree with a package.json. Run npm install, and commit the lock file.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full.';
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return 'A file belongs to another user. Give the checkout and the npm cache to the user who runs this (chown -R).';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|network/.test(output)) {
    return 'The package registry cannot be reached, and not everything is in the cache. Try again with the network up.';
  }
  return 'See above for what npm says.';
}

/** Installs what the lock file names, unless that is what is installed. */
export async function installDependencies(root) {
  if (isInstalled(root)) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new Error(`${root} cannot be written by this user. Give it to the user who runs this (chown -R).`);
  }
  const { usual, use } = chooseCache(root);
  if (use !== usual) process.stderr.write(`npm cannot write to ${usual}: its cache goes to ${use}\n`);
  const [command, ...args] = [...npmCommand(), 'ci', '--no-audit', '--no-fund', '--prefer-offline', '--cache', use];
  const { output } = await progress('installing dependencies', async () => {
    const result = await runProgram(command, [...args, '--loglevel=error', '--no-progress'], { cwd: root });
    if (result.code !== 0) throw new Error(`npm ci failed:\n${lastLines(result.output)}\n${remedy(result.output)}`);
    return result;
  });
  recordInstalled(root);
  if (/warn|error/i.test(output)) process.stderr.write(`${lastLines(output)}\n`);
}
