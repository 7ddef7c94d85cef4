// `npm test`: the same set-up as `npm start`, then every suite. Names of suites as arguments run only those.
import { isNewEnough, tooOld } from './node-version.mjs';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`${tooOld(process.versions.node)}\n`);
  process.exit(1);
}

const { fileURLToPath } = await import('node:url');
const { prepare } = await import('./prepare.mjs');
const { haveNatsServer } = await import('./nats-server.mjs');
const { runSuites } = await import('./run-suites.mjs');
const { SUITES } = await import('./suites.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No suite is called ${unknown.join(', ')}; there are ${SUITES.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(1);
}
await prepare(root, haveNatsServer);
const chosen = SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
process.exitCode = await runSuites(chosen, root, (line) => process.stdout.write(`${line}\n`));
