import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, USAGE } from './arguments.js';
import { launch } from './launch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

try {
  const args = readArguments(process.argv.slice(2), process.env);
  if (args.help) process.stdout.write(USAGE);
  else
    process.exitCode = await launch({ root, version, ...args, stateDir: resolve(root, args.stateDir ?? '.caravan') });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
