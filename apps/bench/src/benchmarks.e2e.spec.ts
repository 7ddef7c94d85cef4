import { describe, expect, it, vi } from 'vitest';
import { benchmarks } from './benchmarks.js';
import { documentOf, documentSchema } from './document.js';
import { thisMachine } from './machine.js';

vi.setConfig({ testTimeout: 300_000 }); // an installation starts for each of them, on a machine that may be busy

describe('a tiny run of a benchmark', () => {
  it.each(benchmarks.map((benchmark) => [benchmark.name, benchmark] as const))(
    'gives a document of its schema: %s',
    async (name, benchmark) => {
      const said: string[] = [];
      const { signal } = new AbortController();
      const findings = await benchmark.run({ size: 'tiny', say: (line) => said.push(line), signal });
      const command = `npm run bench -- ${name} --tiny`;
      const circumstances = { command, date: new Date(), size: 'tiny', machine: thisMachine() } as const;
      const document: unknown = JSON.parse(JSON.stringify(documentOf(benchmark, circumstances, findings)));
      expect(documentSchema(benchmark).parse(document)).toMatchObject({ benchmark: name });
      expect(said.length).toBeGreaterThan(0);
    },
  );

  it('ends when it is interrupted, and leaves nothing running', async () => {
    const small = benchmarks.find(({ name }) => name === 'certificates')!;
    const interruption = new AbortController();
    const say = (): void => interruption.abort();
    await expect(small.run({ size: 'tiny', say, signal: interruption.signal })).rejects.toThrow('interrupted');
  });
});
