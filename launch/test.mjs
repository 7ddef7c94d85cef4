// `npm test`: the same set-up as `npm start`, then every suite. Names of suites as arguments run only those; `--long` runs
// what takes hours instead (`npm run test:long`).
import { isNewEnough, tooOld } from './node-version.mjs';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`${tooOld(process.versions.node)}\n`);
  process.exit(1);
}

const { fileURLToPath } = await import('node:url');
const { prepare } = await import('./prepare.mjs');
const { haveNatsServer } = await import('./nats-server.mjs');
const { runSuites } = await import('./run-suites.mjs');
const { LONG_SUITES, SUITES } = await import('./suites.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
const suites = given.includes('--long') ? LONG_SUITES : SUITES;
const wanted = given.filter((argument) => argument !== '--long');
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No suite is called ${unknown.join(', ')}; there are ${suites.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(1);
}
await prepare(root, haveNatsServer);
const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
process.exitCode = await runSuites(chosen, root, (line) => process.stdout.write(`${line}\n`));
