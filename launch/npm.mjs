import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How npm is run: the one that started us, else the one on PATH. */
export function npmCommand(env = process.env) {
  const script = env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

function isWritable(dir) {
  try {
    mkdirSync(join(dir, '_cacache'), { recursive: true });
    mkdirSync(join(dir, '_logs'), { recursive: true });
    accessSync(join(dir, '_cacache'), constants.W_OK);
    accessSync(join(dir, '_logs'), constants.W_OK);
    return true;
  } catch {
    return false; // not ours, on a read-only disk, or under no home at all
  }
}

/** Whether npm can keep its cache and logs where it is set to; if not, a place in the checkout where it can. */
export function chooseCache(root, env = process.env) {
  const usual = env.npm_config_cache ?? join(env.HOME ?? homedir(), '.npm');
  if (isWritable(usual)) return { usual, use: usual };
  const own = join(root, '.caravan', 'cache', 'npm');
  if (isWritable(own)) return { usual, use: own };
  throw new Error(
    `npm can keep its cache neither in ${usual} nor in ${own}: both cannot be written by this user. ` +
      `Give the checkout to the user who runs this (chown -R), or set npm_config_cache to a directory of theirs.`,
  );
}
