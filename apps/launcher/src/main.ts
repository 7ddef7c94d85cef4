import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, USAGE } from './arguments.js';
import type { Arguments } from './arguments.js';
import { launch } from './launch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const args = argumentsOrUsage();
if (args?.help) process.stdout.write(USAGE);
else if (args) process.exitCode = await launched(args);

function argumentsOrUsage(): Arguments | undefined {
  try {
    return readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function launched(given: Arguments): Promise<number> {
  const stateDir = resolve(root, given.stateDir ?? '.caravan');
  try {
    return await launch({ root, version, ...given, stateDir });
  } catch (error) {
    // The state directory: in use, or not ours.
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}
