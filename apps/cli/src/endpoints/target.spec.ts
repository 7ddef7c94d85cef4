import { describe, expect, it } from 'vitest';
import { readTarget } from './target.js';

describe('a target', () => {
  it.each([
    ['9000', { port: 9000 }],
    [':9000', { port: 9000 }],
    ['db.internal:5432', { host: 'db.internal', port: 5432 }],
    ['[::1]:9000', { host: '::1', port: 9000 }],
    ['192.0.2.1:1', { host: '192.0.2.1', port: 1 }],
  ])('%s is %j', (text, target) => {
    expect(readTarget(text)).toEqual(target);
  });

  it.each(['', '0', '65536', 'db.internal', 'db:', '::1:9000', 'http://x:80', '9000 ', '1e3'])(
    '%j is refused',
    (text) => {
      expect(() => readTarget(text)).toThrow(expect.objectContaining({ code: 'cli.bad-target', exit: 2 }));
    },
  );
});
