import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  const start = (flags: string[], logFile = join(directory, 'log')): (() => string) => {
    const script = join(directory, 'script.mjs');
    writeFileSync(script, 'process.stdin.resume(); console.log(JSON.stringify(process.execArgv));');
    const spec = { name: 'script', args: [script], flags, env: () => process.env, logFile, isFinal: () => false };
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

  it('has a log where there was no directory for it, and runs without one where there can be none', async () => {
    const log = start([], join(directory, 'logs/of/it/log'));
    await eventually('it runs', () => existsSync(join(directory, 'logs/of/it/log')) && log() === '[]\n');
    child?.stop(1_000);
    await running;
    writeFileSync(join(directory, 'a-file'), '');
    start([], join(directory, 'a-file/log'));
    await eventually('somebody is told', () => said.length > 0);
    expect(said).toEqual([expect.stringMatching(/^script runs without a log until it is started again: .*a-file/)]);
    await eventually('it runs', () => child?.pid !== undefined);
  });

  describe('and writes without end', () => {
    const BOUND = 100_000;
    const logged = () => join(directory, 'log');
    const pids: number[] = [];
    const writing = (): void => {
      const script = join(directory, 'script.mjs');
      writeFileSync(script, 'let n = 0; setInterval(() => console.log(`line ${n++} ${"x".repeat(1000)}`), 1);');
      const spec = { name: 'script', args: [script], env: () => process.env, logFile: logged(), isFinal: () => false };
      child = new Child(spec, (line) => void said.push(line), { mostBytes: BOUND, lookMs: 50 });
      running = child.run();
      pids.splice(0, pids.length, child.pid!);
    };
    const firstOf = (file: string): number => Number(/^line (\d+) x/m.exec(readFileSync(file, 'utf8'))?.[1] ?? -1);

    it('has its log begun anew while it runs, and the one before is kept', async () => {
      writing();
      await eventually(
        'its log was begun anew, twice',
        () => existsSync(`${logged()}.1`) && firstOf(`${logged()}.1`) > 0,
      );
      await eventually('it goes on there', () => firstOf(logged()) > firstOf(`${logged()}.1`));
      expect([child!.pid, said]).toEqual([pids[0], []]);
      // Had it gone on where it was, there would be a hole before it.
      expect(readFileSync(logged(), 'utf8')).not.toContain('\0');
      expect(statSync(`${logged()}.1`).size).toBeLessThan(2 * BOUND);
      expect((statSync(`${logged()}.1`).mode & 0o777).toString(8)).toBe('600');
    });

    it('goes on, and loses nothing, where the one before cannot be kept', async () => {
      mkdirSync(`${logged()}.1`);
      writing();
      await eventually('somebody is told', () => said.length > 0);
      expect(said[0]).toContain('the log of script is too long and cannot be begun anew');
      expect([child!.pid, firstOf(logged())]).toEqual([pids[0], 0]);
    });
  });
});
