import { z } from 'zod';
import { commitSchema } from './commit.js';

/**
 * The hash of the schema of each version of each event, and of the envelope around them (`commit`). Checked in as
 * `events.lock.json`: a log is for ever, so a schema that moves needs a version of its own and an upcaster to it.
 */
export type SchemaLock = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Declared {
  readonly type: string;
  readonly version: number;
  readonly schema: z.ZodType;
}

/** The current versions. `hash` is the caller's: this library knows its schema library and nothing else. */
export const schemasNow = (types: readonly Declared[], hash: (text: string) => string): SchemaLock => {
  const hashed = (schema: z.ZodType) => hash(JSON.stringify(sorted(z.toJSONSchema(schema, { io: 'input' }))));
  return Object.fromEntries([
    ['commit', { [commitSchema.shape.format.value]: hashed(commitSchema) }],
    ...types.map(({ type, version, schema }) => [type, { [version]: hashed(schema) }]),
  ]) as SchemaLock;
};

/** Why `now` may not be added to the lock, in words; none: it may. */
export const broken = (lock: SchemaLock, now: SchemaLock): string[] =>
  Object.entries(lock).flatMap(([type, versions]) => {
    const [version, hash] = Object.entries(now[type] ?? {})[0] ?? [];
    if (version === undefined) return `${type} is no longer declared, but it is in logs`;
    const latest = Math.max(...Object.keys(versions).map(Number));
    if (Number(version) < latest) return `${type} went back from version ${latest} to ${version}`;
    if (Number(version) > latest + 1) return `${type} went from version ${latest} to ${version}: one at a time`;
    const locked = versions[version];
    if (locked === undefined || locked === hash) return [];
    return `the schema of ${type} version ${version} moved: give it version ${latest + 1} and an upcaster`;
  });

/**
 * The lock with what is new, sorted.
 * @throws RangeError when a version that is locked has another schema now, or an event is gone.
 */
export function extended(lock: SchemaLock, now: SchemaLock): SchemaLock {
  const reasons = broken(lock, now);
  if (reasons.length > 0) throw new RangeError(reasons.join('\n'));
  const all = Object.keys(now).map((type) => [type, { ...lock[type], ...now[type] }] as const);
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The same text for the same schema, however it was declared. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    // `required` and `enum` are sets of names; every other list has an order that counts.
    return value.every((each) => typeof each === 'string') ? [...value].sort() : value.map(sorted);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
