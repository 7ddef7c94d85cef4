import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { commitSchema } from '@caravan/events';
import type { Commit } from '@caravan/events';
import { isPlainCommit } from './plain-commit.js';

const kinds = commitSchema.shape.actor.shape.kind.options;
const ways = commitSchema.shape.via.options;
const event = { type: 'BackboneCreated', version: 1, data: { name: 'demo' } };
const commit: Commit = {
  format: 1,
  commandId: 'c1',
  actor: { kind: 'administrator', id: 'a' },
  via: 'api',
  source: 'spec',
  correlationId: 'c1',
  causationId: 'c1',
  ownerGroup: null,
  previous: 'a'.repeat(64),
  at: '2026-01-28T23:59:59.999Z',
  events: [event],
};

const strange = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, 1, 2, 1.5, -1, NaN, true, [], {}, [event], [[]], 'x'.repeat(5000)),
  fc.constantFrom<unknown>({ kind: 'king', id: 'a' }, { kind: 'user', id: '' }, { kind: 'user', id: 'a', more: 1 }),
  fc.constantFrom<unknown>(
    '2026-02-30T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-01-01',
    '2026-01-01T24:00:00.000Z',
  ),
  fc.constantFrom<unknown>(
    [{ ...event, version: 0 }],
    [{ ...event, more: 1 }],
    [{ type: 'A', version: 1 }],
    [event, null],
  ),
  fc.string({ maxLength: 400 }),
  fc.anything(),
);

describe('the quick check of a commit', () => {
  it('takes what is written, with and without what may be left out', () => {
    const others = [{ reason: 'r' }, { traceparent: 't' }, { previous: null }, { ownerGroup: 'g' }];
    for (const more of [{}, ...others]) expect(isPlainCommit({ ...commit, ...more })).toBe(true);
    for (const via of ways) expect(isPlainCommit({ ...commit, via })).toBe(true);
    for (const kind of kinds) expect(isPlainCommit({ ...commit, actor: { kind, id: 'a' } })).toBe(true);
  });

  it('takes nothing that the schema refuses', () => {
    const field = fc.constantFrom(...Object.keys(commitSchema.shape), 'more');
    fc.assert(
      fc.property(fc.array(fc.tuple(field, strange), { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = { ...commit, ...Object.fromEntries(changes) };
        if (isPlainCommit(changed)) expect(commitSchema.safeParse(changed).error).toBeUndefined();
      }),
      { numRuns: 5_000 },
    );
    fc.assert(fc.property(fc.anything(), (anything) => !isPlainCommit(anything)));
  });

  it.each(Object.keys(commit))('misses no missing %s', (field) => {
    const { [field as keyof Commit]: _, ...rest } = commit;
    expect(isPlainCommit(rest)).toBe(false);
  });
});
