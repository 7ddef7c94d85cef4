import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { progress } from './progress.mjs';

/** Has nats-server ready for the tests, before the first of them waits for a download. */
export async function haveNatsServer(root) {
  const library = join(root, 'libs', 'installation', 'dist', 'index.js');
  const { findNatsServer } = await import(pathToFileURL(library).href);
  const said = [];
  const find = () => findNatsServer({ cacheDir: join(root, '.caravan', 'cache'), say: (line) => said.push(line) });
  const { path, version, from } = await progress('finding nats-server', find);
  for (const line of said) process.stderr.write(`${line}\n`);
  process.stderr.write(`nats-server ${version.major}.${version.minor}.${version.patch} from ${from}: ${path}\n`);
}
