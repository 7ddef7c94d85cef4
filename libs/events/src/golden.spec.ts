import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { allEvents, commitSchema } from './index.js';

/**
 * `golden/<Type>.v<version>[.<variant>].json`: an event as a commit of that time holds it, kept for ever. Whatever becomes of a
 * schema, what is in a log somewhere must stay readable.
 */
const folder = new URL('../golden/', import.meta.url);
const files = readdirSync(folder);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

interface Golden {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}
interface Declared {
  readonly type: string;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly upcasters: Readonly<Record<number, (data: never) => unknown>>;
}
const types: readonly Declared[] = allEvents;
const versionsOf = ({ version }: Declared): number[] => Array.from({ length: version }, (_, index) => index + 1);

/** As a reader of the log gets it: through the upcasters, then held against the current schema. */
function current({ version, data }: Golden, type: Declared): unknown {
  let upcast = data;
  for (let from = version; from < type.version; from++) upcast = type.upcasters[from]!(upcast as never);
  return type.schema.parse(upcast);
}

describe('the golden files', () => {
  const commits = files.filter((file) => file.startsWith('commit.'));
  const events = files.filter((file) => !file.startsWith('commit.'));

  it('have every version of every event', () => {
    const wanted = types.flatMap((type) => versionsOf(type).map((version) => `${type.type}.v${version}.json`));
    expect(wanted.filter((file) => !events.includes(file))).toEqual([]);
  });

  it.each(events)('%s is read', (file) => {
    const golden = read(file) as Golden;
    expect(file).toMatch(new RegExp(`^${golden.type}\\.v${golden.version}(\\.[a-z-]+)?\\.json$`));
    const type = types.find((each) => each.type === golden.type)!;
    const data = current(golden, type);
    // Nothing of the current version is lost or added on the way.
    if (golden.version === type.version) expect(data).toEqual(golden.data);
  });

  it.each(commits)('%s is read', (file) => {
    expect(commitSchema.parse(read(file))).toEqual(read(file));
  });

  it.each(types.map((type) => [type.type, type] as const))('%s takes no field that it does not know', (_, type) => {
    const { data } = read(`${type.type}.v${type.version}.json`) as { data: object };
    expect(type.schema.safeParse({ ...data, surplus: true }).success).toBe(false);
    for (const field of Object.keys(data)) {
      const { [field]: _missing, ...rest } = data as Record<string, unknown>;
      expect({ field, missing: type.schema.safeParse(rest).success }).toEqual({ field, missing: false });
    }
  });
});
