import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@caravan/testing';
import { Child } from './child.js';

describe('a process that is kept running', () => {
  let directory: string;
  let said: string[];
  let child: Child | undefined;
  let running: Promise<unknown> | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-child-'));
    said = [];
  });
  afterEach(async () => {
    child?.stop(1_000);
    await running;
    rmSync(directory, { recursive: true });
  });
  const start = (flags: string[]): (() => string) => {
    const script = join(directory, 'script.mjs');
    writeFileSync(script, 'process.stdin.resume(); console.log(JSON.stringify(process.execArgv));');
    const logFile = join(directory, 'log');
    const spec = { name: 'script', args: [script], flags, env: process.env, logFile, isFinal: () => false };
    child = new Child(spec, (line) => void said.push(line));
    running = child.run();
    return () => readFileSync(logFile, 'utf8');
  };

  it('has the options of Node that it was given', async () => {
    const log = start(['--max-semi-space-size=1']);
    await eventually('it runs with them', () => log().includes('["--max-semi-space-size=1"]'));
    expect(said).toEqual([]);
  });

  it('runs without them on a Node that does not know them', async () => {
    const log = start(['--no-opt', '--of-another-version']);
    await eventually('it runs without them', () => log().endsWith('[]\n'));
    expect(said).toEqual([expect.stringContaining('does not know one of --no-opt --of-another-version')]);
  });
});
