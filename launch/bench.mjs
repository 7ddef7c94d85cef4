// `npm run bench -- <name>`: the same set-up as `npm test`, told on stderr, then apps/bench. Arguments go there; see its --help.
import { isNewEnough, tooOld } from './node-version.mjs';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`${tooOld(process.versions.node)}\n`);
  process.exit(1);
}

const { fileURLToPath, pathToFileURL } = await import('node:url');
const { join } = await import('node:path');
const { prepare } = await import('./prepare.mjs');
const { haveNatsServer } = await import('./nats-server.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
await prepare(root, haveNatsServer);

// In this very process, so that signals reach it without a detour.
const main = join(root, 'apps', 'bench', 'dist', 'main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
