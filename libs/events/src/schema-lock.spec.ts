import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allEvents } from './index.js';
import { broken, extended, schemasNow } from './schema-lock.js';
import type { SchemaLock } from './schema-lock.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const lock = JSON.parse(readFileSync(new URL('../events.lock.json', import.meta.url), 'utf8')) as SchemaLock;

describe('events.lock.json', () => {
  const now = schemasNow(allEvents, sha256);

  it('has every schema as it is; a new version is accepted with `npm run events:lock`', () => {
    expect(broken(lock, now)).toEqual([]);
    expect(extended(lock, now)).toEqual(lock);
  });

  const moving = (version: number, shape: z.core.$ZodShape, type = 'ThingMade') =>
    schemasNow([{ type, version, schema: z.strictObject(shape) }], sha256);
  const first = extended({}, moving(1, { id: z.uuid(), size: z.int().min(1) }));

  it.each<[string, z.core.$ZodShape]>([
    ['gets a field', { id: z.uuid(), size: z.int().min(1), more: z.string() }],
    ['gets a field that may be absent', { id: z.uuid(), size: z.int().min(1), more: z.string().optional() }],
    ['loses a field', { id: z.uuid() }],
    ['has another bound', { id: z.uuid(), size: z.int().min(0) }],
    ['has another type', { id: z.string(), size: z.int().min(1) }],
  ])('fails when an event %s under the same version', (_, shape) => {
    expect(broken(first, moving(1, shape))).toEqual([
      'the schema of ThingMade version 1 moved: give it version 2 and an upcaster',
    ]);
    expect(() => extended(first, moving(1, shape))).toThrow(/version 1 moved/);
  });

  it('takes the next version, and keeps the one before', () => {
    const second = moving(2, { id: z.uuid() });
    const after = extended(first, second);
    expect(after['ThingMade']).toEqual({ ...first['ThingMade'], ...second['ThingMade'] });
    expect(broken(after, moving(1, { id: z.uuid(), size: z.int().min(1) }))).toEqual([
      'ThingMade went back from version 2 to 1',
    ]);
    expect(broken(first, moving(3, { id: z.uuid() }))).toHaveLength(1);
  });

  it('fails when an event is gone, and takes new ones', () => {
    expect(broken(first, moving(1, {}, 'ThingLost'))).toEqual(['ThingMade is no longer declared, but it is in logs']);
    expect(Object.keys(extended({}, moving(1, {}, 'ThingFound')))).toEqual(['ThingFound', 'commit']);
  });

  it('does not mind the order in which fields are declared', () => {
    expect(moving(1, { size: z.int().min(1), id: z.uuid() })).toEqual(
      moving(1, { id: z.uuid(), size: z.int().min(1) }),
    );
  });
});
