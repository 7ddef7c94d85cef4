import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { judge as judgeLint } from './boundaries.mjs';
import { outcome } from './check.mjs';
import { judge as judgeVitest } from './vitest-suite.mjs';
import { longestFirst, SECONDS } from './longest-first.mjs';
import { readTap } from './node-suite.mjs';
import { runProgram } from './run-program.mjs';
import { runSuites } from './run-suites.mjs';

const suite = (name, found, budget = 10) => ({ name, budget, run: async () => outcome(found) });

async function run(suites, clock) {
  const lines = [];
  const code = await runSuites(suites, '/checkout', (line) => lines.push(line), clock);
  return { code, lines };
}

describe('a suite that is one program', () => {
  it('takes what the others leave of the processors, if it is told to, with all that it starts', async () => {
    const says = `
      const { existsSync, readFileSync } = require('node:fs');
      const group = '/proc/self/autogroup';
      console.log(require('node:os').getPriority(), existsSync(group) ? / nice (-?\\d+)/.exec(readFileSync(group, 'utf8'))[1] : 'none');`;
    const starts = `process.stdout.write(require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(says)}]))`;
    const said = async (how) => (await runProgram(process.execPath, ['-e', starts], how)).output.trim().split(' ');
    assert.equal((await said({}))[0], String(getPriority()));
    const [priority, ofGroup] = await said({ spare: true });
    assert.equal(priority, String(constants.priority.PRIORITY_LOW));
    assert.ok(['none', priority].includes(ofGroup));
  });
});

describe('the end of npm test', () => {
  it('is one line that adds everything up', async () => {
    const { code, lines } = await run([suite('a', { passed: 2 }), suite('b', { passed: 3, skips: ['later'] })]);
    assert.equal(code, 0);
    assert.equal(lines.at(-1), '5 passed, 0 failed, 1 skipped');
    assert.equal(lines.filter((line) => /^\d+ passed/.test(line)).length, 1);
  });

  it('names what failed and what was skipped, and fails', async () => {
    const { code, lines } = await run([
      suite('a', { passed: 2, failures: ['x.spec.ts: breaks'], skips: ['y.spec.ts: waits'] }),
    ]);
    assert.equal(code, 1);
    assert.equal(lines.at(-1), '2 passed, 1 failed, 1 skipped');
    assert.ok(lines.includes('FAILED   a: x.spec.ts: breaks'));
    assert.ok(lines.includes('skipped  a: y.spec.ts: waits'));
  });

  it('shows the time of each suite against its budget, and fails one that took longer', async () => {
    const times = [0, 9_999, 10_000, 22_001];
    const { code, lines } = await run([suite('quick', { passed: 1 }), suite('slow', { passed: 1 })], () =>
      times.shift(),
    );
    assert.equal(code, 1);
    assert.ok(lines.includes('FAILED   slow: took 12 s, and its budget is 10 s'));
    assert.ok(lines.some((line) => /✓ quick +10\.0 s of +10 s/.test(line)));
    assert.equal(lines.at(-1), '2 passed, 1 failed, 0 skipped');
  });

  it('runs lanes at once, each in its order and before what follows, and tells of all in their order', async () => {
    const running = new Set();
    const atOnce = new Set();
    const busy = (name, lane, ms) => ({
      ...{ name, budget: 10, lane },
      run: async () => {
        running.add(name);
        atOnce.add([...running].join(''));
        await new Promise((resolve) => setTimeout(resolve, ms));
        running.delete(name);
        return outcome({ passed: 1 });
      },
    });
    const suites = [
      busy('a', undefined, 1),
      busy('b', 'x', 20),
      busy('c', 'y', 60),
      busy('d', 'x', 1),
      busy('e', undefined, 1),
    ];
    const { code, lines } = await run(suites);
    assert.equal(code, 0);
    assert.deepEqual([...atOnce], ['a', 'b', 'bc', 'cd', 'e']);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('✓')).map((line) => line.split(/ +/)[1]),
      ['a', 'b', 'c', 'd', 'e'],
    );
  });

  it('counts a suite that cannot be run as failed, and goes on', async () => {
    const broken = { name: 'broken', budget: 1, run: async () => Promise.reject(new Error('no such program')) };
    const { code, lines } = await run([broken, suite('b', { passed: 1 })]);
    assert.equal(code, 1);
    assert.ok(lines.includes('FAILED   broken: could not be run: no such program'));
    assert.equal(lines.at(-1), '1 passed, 1 failed, 0 skipped');
  });
});

describe('lint', () => {
  it('passes when eslint does', () => assert.deepEqual(judgeLint(0, '').failures, []));
  it('fails when eslint does', () => assert.equal(judgeLint(1, '').failures.length, 1));
  it('fails when the boundaries were not checked, though eslint passes', () => {
    const said = 'warning No cached ProjectGraph is available. The rule will be skipped.';
    assert.match(judgeLint(0, said).failures[0], /boundaries were not checked/);
  });
});

describe("Vitest's report", () => {
  const report = (...files) => ({
    numTotalTests: files.flatMap(({ assertionResults }) => assertionResults).length,
    testResults: files,
  });
  const file = (status, tests, message = '') => ({
    name: '/checkout/libs/a.spec.ts',
    status,
    message,
    assertionResults: tests.map(([state, fullName]) => ({ status: state, fullName })),
  });

  it('is counted, with names for what failed and what was skipped', () => {
    const tests = [
      ['passed', 'works'],
      ['failed', 'breaks'],
      ['pending', 'waits'],
      ['todo', 'will be'],
    ];
    assert.deepEqual(judgeVitest(1, report(file('failed', tests)), '/checkout'), {
      passed: 1,
      failures: ['libs/a.spec.ts: breaks'],
      skips: ['libs/a.spec.ts: waits', 'libs/a.spec.ts: will be'],
    });
  });

  it('says why a test failed, without colours and without the frames of libraries', () => {
    const failed = file('failed', [['failed', 'breaks']]);
    const frames = '    at /checkout/node_modules/vitest/x.js:1\n    at /checkout/libs/a.spec.ts:3:1';
    failed.assertionResults[0].failureMessages = [`\u001b[31mAssertionError: 1 is not 2\u001b[39m\n${frames}`];
    const { failures } = judgeVitest(1, report(failed), '/checkout');
    assert.deepEqual(
      failures.flatMap((failure) => failure.split('\n').map((line) => line.trim())),
      ['libs/a.spec.ts: breaks', 'AssertionError: 1 is not 2', 'at /checkout/libs/a.spec.ts:3:1'],
    );
  });

  it('counts a file that could not be run as a failure', () => {
    const { failures } = judgeVitest(1, report(file('failed', [], 'SyntaxError: x\n at y')), '/checkout');
    assert.deepEqual(failures, ['libs/a.spec.ts could not be run: SyntaxError: x']);
  });

  it('does not let a run pass that failed otherwise, had no tests, or left no report', () => {
    const passed = file('passed', [['passed', 'works']]);
    assert.deepEqual(judgeVitest(0, report(passed), '/checkout').failures, []);
    assert.match(judgeVitest(1, report(passed), '/checkout').failures[0], /though no test failed/);
    assert.match(judgeVitest(0, report(), '/checkout').failures[0], /no test/);
    assert.match(judgeVitest(1, undefined, '/checkout').failures[0], /no report/);
  });
});

describe("the report of Node's test runner", () => {
  const tail = (tests, pass) => `# tests ${tests}\n# suites 1\n# pass ${pass}\n# fail 0\n`;

  it('is counted, with names for what failed and what was skipped', () => {
    const broken = "    not ok 2 - breaks\n      ---\n      failureType: 'testCodeFailure'\n      ...\n";
    const group = "not ok 1 - group\n  ---\n  failureType: 'subtestsFailed'\n  ...\n";
    const tap = `TAP version 13\n    ok 1 - works\n${broken}    ok 3 - waits # SKIP\n${group}${tail(3, 1)}`;
    assert.deepEqual(readTap(1, tap), { passed: 1, failures: ['breaks'], skips: ['waits'] });
  });

  it('does not let a run pass that failed otherwise or had no tests', () => {
    assert.deepEqual(readTap(0, tail(2, 2)).failures, []);
    assert.equal(readTap(1, tail(2, 2)).failures.length, 1);
    assert.equal(readTap(0, '').failures.length, 1);
  });
});

describe('the order of test files', () => {
  const specs = ['apps', 'libs', 'test'].flatMap((room) =>
    readdirSync(join(import.meta.dirname, '..', room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.spec.ts') && !file.includes('node_modules'))
      .map((file) => basename(file)),
  );

  it('begins with those that take longest, each of which is there', () => {
    const long = Object.keys(SECONDS);
    const tests = ['b.spec.ts', ...long.toReversed(), 'a.spec.ts'].map((name) => ({
      moduleId: join('/somewhere', name),
    }));
    const order = longestFirst(tests).map(({ moduleId }) => basename(moduleId));
    assert.deepEqual(order, [...long, 'b.spec.ts', 'a.spec.ts']);
    assert.deepEqual(
      long.filter((name) => !specs.includes(name)),
      [],
    );
  });
});
