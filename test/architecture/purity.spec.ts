import { describe, expect, it } from 'vitest';
import { shipped, source } from './code/workspace.js';
import { EDGES, impurities, isEdge, isPure } from './purity.js';

const planted = (text: string) => impurities(source('libs/pki/src/planted.ts', text));

describe('pure code', () => {
  it('is pure', () => {
    const pure = shipped().filter(isPure);
    expect(pure.length).toBeGreaterThan(100);
    expect(pure.flatMap(impurities)).toEqual([]);
  });

  it('has no edge that need not be one', () => {
    for (const edge of Object.keys(EDGES)) {
      const behind = shipped().filter(({ path }) => path.startsWith(edge));
      expect({ edge, impure: behind.flatMap(impurities).length > 0 }).toEqual({ edge, impure: true });
    }
  });

  it('is every decider and every projection, wherever they are', () => {
    const pure = shipped()
      .filter(isPure)
      .map(({ path }) => path);
    expect(pure).toContain('apps/management-controller/src/invitations/invitation.ts');
    expect(pure).toContain('apps/management-controller/src/networks/network.projection.ts');
    expect(isEdge('libs/event-store/src/jetstream/fold.ts')).toBe(true);
    expect(isEdge('libs/event-store/src/handle-command.ts')).toBe(false);
  });

  it.each([
    ['a clock', 'const now = new Date();'],
    ['a clock without parentheses', 'const now = new Date;'],
    ['a clock as text', 'const now = Date();'],
    ['a clock in numbers', 'const now = Date.now();'],
    ['a clock as a default', 'const f = (now = Date.now()) => now;'],
    ['a precise clock', 'const at = performance.now();'],
    ['dice', 'const n = Math.random();'],
    ['an id of its own', `import { randomUUID } from 'node:crypto';`],
    ['an id of its own by another name', `import { randomUUID as next } from 'node:crypto';`],
    ['a key of its own', `import { generateKeyPairSync } from 'node:crypto';`],
    ['an id of its own from all of a module', `import * as c from 'node:crypto'; c.randomUUID();`],
    ['a timer', 'setTimeout(() => 0, 1);'],
    ['a timer handed on', 'const later = setTimeout;'],
    ['a deadline', 'const signal = AbortSignal.timeout(1);'],
    ['the environment', 'const home = process.env["HOME"];'],
    ['the network', 'const answer = await fetch("http://example.org");'],
    ['the screen', 'console.log(1);'],
    ['a file', `import { readFileSync } from 'node:fs';`],
    ['a promise of a file', `import { readFile } from 'node:fs/promises';`],
    ['a socket', `import { connect } from 'node:tls';`],
    ['a process', `import { spawn } from 'node:child_process';`],
    ['a timer from a module', `import { setTimeout as sleep } from 'node:timers/promises';`],
    ['a framework', `import type { Type } from '@nestjs/common';`],
  ])('is found out with %s', (_, text) => {
    expect(planted(text).length).toBeGreaterThan(0);
  });

  it.each([
    ['a time that it is given', 'const at = new Date(text).toISOString();'],
    ['a fingerprint', `import { createHash } from 'node:crypto';`],
    ['what its own edge draws', `import { generateKeyPair } from './randomness.js';`],
    ['a property called so', 'const { process } = order; order.fetch(); interface A { fetch?: () => void }'],
    ['a word about it', '// never Date.now() here\nconst text = "setTimeout";'],
  ])('may have %s', (_, text) => {
    expect(planted(text)).toEqual([]);
  });
});
