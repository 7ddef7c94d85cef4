// `npm start`: everything from a fresh clone to a running network. Arguments go to apps/launcher; see its --help.
import { isNewEnough, tooOld } from './node-version.mjs';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`${tooOld(process.versions.node)}\n`);
  process.exit(1);
}

const { fileURLToPath, pathToFileURL } = await import('node:url');
const { join } = await import('node:path');
const { prepare } = await import('./prepare.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
await prepare(root);

// In this very process, so that signals reach it without a detour.
const main = join(root, 'apps', 'launcher', 'dist', 'main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
