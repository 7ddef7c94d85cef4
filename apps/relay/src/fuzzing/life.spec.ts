import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lifeOf } from './life.fixture.js';

class Planted extends EventEmitter {
  readonly killed: unknown[] = [];

  constructor(
    readonly exitCode: number | null = null,
    readonly signalCode: NodeJS.Signals | null = null,
  ) {
    super();
  }

  kill(signal: unknown): boolean {
    return this.killed.push(signal) > 0;
  }
  asChild(): ChildProcess {
    return this as unknown as ChildProcess;
  }
}

const silence = (): Promise<never> => new Promise(() => undefined);
const refusal = (): Promise<never> => Promise.reject(new Error('ECONNRESET'));
const MS = 30;

describe('The judgement of life', () => {
  it('lets a process that answers pass, and leaves it alone', async () => {
    const process = new Planted();
    expect(await lifeOf(process.asChild(), () => Promise.resolve('x'), MS)).toBe('works');
    expect(process.killed).toEqual([]);
  });

  it('finds one that says nothing, and ends it', async () => {
    const process = new Planted();
    expect(await lifeOf(process.asChild(), silence, MS)).toBe('hangs');
    expect(process.killed).toEqual(['SIGKILL']);
  });

  it('finds one that dies while it is asked, whether the question or the exit is heard of first', async () => {
    for (const ask of [silence, refusal]) {
      const process = new Planted();
      setTimeout(() => process.emit('exit', 1), 1);
      expect(await lifeOf(process.asChild(), ask, 10_000)).toBe('died');
    }
  });

  it('finds one that has died, of itself or by a signal', async () => {
    for (const process of [new Planted(1), new Planted(null, 'SIGSEGV')]) {
      expect(await lifeOf(process.asChild(), () => Promise.resolve('x'), MS)).toBe('died');
    }
  });

  it('says why one that lives does not work', async () => {
    const process = new Planted();
    await expect(lifeOf(process.asChild(), refusal, MS)).rejects.toThrow('it lives, and does not work');
    expect(process.killed).toEqual([]);
  });
});
