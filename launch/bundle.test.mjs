import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bundle, OWN_REQUIRE } from './bundle.mjs';

const APPS = { shop: { programs: ['main'], lean: true } };

describe('the bundle of a program', () => {
  let root;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'caravan-bundle-'));
    wrote('package.json', '{ "type": "module" }');
    wrote(
      'dist/main.js',
      `import { word } from './word.js'; console.log(word, process.argv[2] ? await import('./late.js') : '');`,
    );
    wrote('dist/word.js', `export const word = 'before';`);
    wrote('dist/late.js', `export const late = 1;`);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const at = (file) => join(root, 'apps/shop', file);
  let time = 1_000_000_000;
  /** At a time of its own, as if it took a while. */
  function wrote(file, text) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
    utimesSync(at(file), ++time, time);
  }
  const says = () => spawnSync(process.execPath, [at('bundle/main.js')], { encoding: 'utf8' }).stdout.trim();
  const files = () => readdirSync(at('bundle')).filter((name) => name.endsWith('.js'));

  it('is what was compiled, without its files', async () => {
    await bundle(root, APPS);
    rmSync(at('dist'), { recursive: true });
    assert.equal(says(), 'before');
    assert.equal(files().length, 2); // and what it imports late
  });

  it('is made again when a file of it has changed; who runs finds what was there when it began, for a week', async () => {
    await bundle(root, APPS);
    const before = files();
    wrote('dist/word.js', `export const word = 'after';`);
    wrote('dist/late.js', `export const late = 2;`);
    await bundle(root, APPS);
    assert.equal(says(), 'after');
    const now = files();
    assert.deepEqual(
      before.filter((name) => !now.includes(name)),
      [],
    );
    assert.equal(now.length, before.length + 1);
    const record = JSON.parse(readFileSync(at('bundle/made-of.json'), 'utf8'));
    for (const name of before) record.outputs[name] -= 8 * 24 * 60 * 60 * 1000;
    writeFileSync(at('bundle/made-of.json'), JSON.stringify(record));
    wrote('dist/word.js', `export const word = 'at last';`);
    await bundle(root, APPS);
    assert.equal(files().length, before.length);
  });

  it('is made again when a file of it was written while it was made', async () => {
    const later = Date.now() / 1000 + 60;
    utimesSync(at('dist/word.js'), later, later);
    await bundle(root, APPS);
    const { made } = JSON.parse(readFileSync(at('bundle/made-of.json'), 'utf8'));
    utimesSync(at('dist/word.js'), time, time);
    await bundle(root, APPS);
    assert.notEqual(JSON.parse(readFileSync(at('bundle/made-of.json'), 'utf8')).made, made);
  });

  it('is left alone while nothing has changed', async () => {
    await bundle(root, APPS);
    const { mtimeMs } = statSync(at('dist/word.js'));
    writeFileSync(at('dist/word.js'), `export const word = 'behind';`); // as long, and as it were of the same time
    utimesSync(at('dist/word.js'), mtimeMs / 1000, mtimeMs / 1000);
    await bundle(root, APPS);
    assert.equal(says(), 'before');
    wrote('dist/word.js', `export const word = 'before';`); // the same, written again
    const main = statSync(at('bundle/main.js')).mtimeMs;
    await bundle(root, APPS);
    assert.equal(statSync(at('bundle/main.js')).mtimeMs, main); // a program may be running from it
  });

  it('has each package once, whichever way another asks for it, and its tables', async () => {
    const installed = (name, files) => {
      for (const [file, text] of Object.entries(files)) wrote(`node_modules/${name}/${file}`, text);
    };
    installed('words', {
      'package.json': '{ "main": "index.cjs" }',
      'index.cjs': `globalThis.read = (globalThis.read ?? 0) + 1; exports.table = require('./table.json');`,
      'table.json': `{ "greeting": "it's \\u2028 ${'`'}here${'`'}", "__proto__": "a name" }`,
    });
    installed('@nestjs/asking', {
      'package.json': '{ "type": "module", "main": "index.js" }',
      'index.js': [
        `import { createRequire } from 'node:module';`,
        `const require = createRequire(import.meta.url);`,
        `export const greeting = () => { try { return Object.entries(require('words').table); } catch { return undefined; } };`,
      ].join('\n'),
    });
    wrote(
      'dist/word.js',
      `import 'words'; import { greeting } from '@nestjs/asking'; export const word = JSON.stringify([read, greeting()]);`,
    );
    const table = [
      ['greeting', "it's \u2028 `here`"],
      ['__proto__', 'a name'],
    ];
    await bundle(root, APPS);
    rmSync(at('node_modules'), { recursive: true });
    assert.deepEqual(JSON.parse(says()), [1, table]);
  });

  it('knows how @nestjs/typeorm asks: written otherwise, all of TypeORM would be read twice again', () => {
    const asking = '../node_modules/@nestjs/typeorm/dist/common/typeorm-compat.js';
    const text = readFileSync(join(import.meta.dirname, asking), 'utf8');
    assert.match(text, OWN_REQUIRE);
    assert.match(text, /require\('typeorm'\)/);
  });

  it('is not made of a package that is missing', async () => {
    wrote('dist/word.js', `import 'no-such-package'; export const word = 'never';`);
    await assert.rejects(bundle(root, APPS), /no-such-package/);
  });
});
