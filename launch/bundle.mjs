import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The programs that are started often, by app. `lean`: what one of them imports only when it is needed lies in files of its own beside it,
 * and takes no memory before. Not where Nest is needed at once: files that are told apart are not run in the order in which they are
 * imported (esbuild's issue 399), and Nest needs `reflect-metadata` before anything else.
 */
const APPS = {
  relay: { programs: ['main'], lean: true },
  'site-controller': { programs: ['supervisor', 'main', 'idle-memory/preload'], lean: true },
  cli: { programs: ['main'] },
  'management-controller': { programs: ['main'] },
  'cert-service': { programs: ['main'] },
  'router-config': { programs: ['main'] },
};

/** What Nest loads if somebody has installed it; we have not. */
const OPTIONAL = [
  ...['@nestjs/websockets', 'amqp-connection-manager', 'class-transformer', 'class-validator', 'ioredis', 'kafkajs'],
  ...['mqtt'],
];

/** Packages that are CommonJS ask for Node's own modules while they run. */
const REQUIRE = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

/** How a package makes a `require` of its own. */
export const OWN_REQUIRE = /^const require = createRequire\(import\.meta\.url\);$/m;

/**
 * A package that is an ES module may ask for another by a `require` of its own, which esbuild leaves as it is: what is asked for would be read
 * from `node_modules` and be there a second time (@nestjs/typeorm does so, which was a quarter of the time that a service took to start).
 */
const askingInside = {
  name: 'asking inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]@nestjs[\\/].*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return OWN_REQUIRE.test(text) ? { contents: text.replace(OWN_REQUIRE, '') } : undefined;
    });
  },
};

/** Tables of types and characters are data, not a program: V8 reads JSON in less time than it reads the same as source. */
const dataAsText = {
  name: 'data as text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.json$/ }, ({ path }) => ({
      contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))))});`,
    }));
  },
};

const PLUGINS = [askingInside, dataAsText];

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // Nest and TypeORM tell classes by their names, and so do our errors.
  keepNames: true,
  external: OPTIONAL,
  banner: { js: REQUIRE },
  metafile: true,
  write: false,
  logLevel: 'silent', // what fails is thrown
};

/**
 * The file in a bundle that says of what it was made: `{ made, inputs: { <file>: <when it was written, and its size> }, outputs: { <file>: <when
 * it was last a part of the bundle, in ms since 1970> } }`.
 */
const RECORD = 'made-of.json';

/** A program that runs may read what it imports late long after it was started, from the bundle that there was then. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Makes one file of the hundreds that a program of an app consists of: reading them takes Node more than half of the time to start
 * (docs/adr/0021-programs-are-bundles.md). Made of what `tsc -b` compiled, in `apps/<app>/bundle`, as deep as `dist`.
 */
export async function bundle(root, apps = APPS) {
  await Promise.all(Object.entries(apps).map(([app, about]) => bundleOf(root, app, about)));
}

async function bundleOf(root, app, { programs, lean = false }) {
  const { build, version } = await import('esbuild');
  const room = join(root, 'apps', app);
  const made = JSON.stringify([version, programs, lean, OPTIONS, PLUGINS.map(({ setup }) => String(setup))]);
  const record = recordOf(room);
  if (isCurrent(root, record, made)) return;
  const now = Date.now();
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    plugins: PLUGINS,
    splitting: lean,
    absWorkingDir: root,
    entryPoints: programs.map((program) => join(room, 'dist', `${program}.js`)),
    outbase: join(room, 'dist'),
    outdir: join(room, 'bundle'),
  });
  for (const { path, contents } of outputFiles) write(path, contents);
  const inputs = Object.fromEntries(Object.keys(metafile.inputs).map((file) => [file, stateOf(join(root, file))]));
  const names = outputFiles.map(({ path }) => relative(join(room, 'bundle'), path));
  const outputs = { ...record.outputs, ...Object.fromEntries(names.map((name) => [name, now])) };
  for (const [name, since] of Object.entries(outputs)) if (now - since > KEPT_MS) delete outputs[name];
  // What somebody wrote meanwhile may have been read before or after: it is made again next time.
  const isSettled = Object.keys(inputs).every((file) => statSync(join(root, file)).mtimeMs < now);
  write(
    join(room, 'bundle', RECORD),
    JSON.stringify({ made: isSettled ? made : 'while it was written', inputs, outputs }),
  );
  forgetOthers(join(room, 'bundle'), outputs);
}

function recordOf(room) {
  try {
    return JSON.parse(readFileSync(join(room, 'bundle', RECORD), 'utf8'));
  } catch {
    return {}; // never made
  }
}

function isCurrent(root, record, made) {
  try {
    return (
      record.made === made &&
      Object.entries(record.inputs).every(([file, state]) => stateOf(join(root, file)) === state)
    );
  } catch {
    return false; // of a file that is gone
  }
}

const stateOf = (file) => {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
};

/** As a whole, and not at all where it says the same: programs may be running from it. */
function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = Buffer.from(contents);
  try {
    if (readFileSync(path).equals(bytes)) return;
  } catch {
    // not there yet
  }
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, bytes);
  renameSync(beside, path);
}

function forgetOthers(folder, outputs) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (path.endsWith('.js') && !(relative(folder, path) in outputs)) rmSync(path, { force: true });
  }
}
