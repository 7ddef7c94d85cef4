import { describe, expect, it } from 'vitest';
import { filesBelow, read, source } from './code/workspace.js';
import type { Source } from './code/workspace.js';

/** What the suites that start servers have anyway (vitest.config.mjs): a test with less ends before it can say what did not come. */
const PATIENCE_MS = 90_000;
const STARTS_SERVERS = /\.(int|e2e|fault|load|long)\.spec\.ts$|^libs\/testing\/src\//;

/** Limits behind a test or a hook that are shorter, in words. */
const impatient = ({ path, text }: Source): string[] =>
  text.split('\n').flatMap((line, index) => {
    const limit = /^\s*\}, ([\d_]{4,})\);$/.exec(line)?.[1];
    const isShort = limit !== undefined && Number(limit.replaceAll('_', '')) <= PATIENCE_MS;
    return isShort ? `${path}:${index + 1}: ${limit} ms` : [];
  });

/** kill(2) has only asked for it when it returns; libs/testing waits until it is so. */
const ASKED_ONLY = /'SIGSTOP'/;

describe('patience', () => {
  it('is nowhere less than what every suite with servers has', () => {
    const paths = ['apps', 'libs', 'test'].flatMap((folder) => filesBelow(folder, '.ts'));
    const files = paths.filter((path) => STARTS_SERVERS.test(path)).map((path) => source(path, read(path)));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(impatient)).toEqual([]);
  });

  it('is had with a process that is to stand still, until it does', () => {
    const paths = ['apps', 'libs', 'test'].flatMap((folder) => filesBelow(folder, '.ts'));
    const others = paths.filter((path) => !path.startsWith('test/architecture/') && ASKED_ONLY.test(read(path)));
    expect(others).toEqual(['libs/testing/src/frozen.ts']);
  });

  it('of too little is found', () => {
    const text = ['  }, 30_000);', '  }, 90000);', '  }, 120_000);', '  });'].join('\n');
    expect(impatient(source('a.ts', text))).toEqual(['a.ts:1: 30_000 ms', 'a.ts:2: 90000 ms']);
  });
});
