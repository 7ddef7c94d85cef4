import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { derivedId, newId } from './index.js';

const uuid = z.uuid();

describe('new ids', () => {
  it('are UUIDs that sort by when they were made', () => {
    const ids = [1_000, 1_700_000_000_000, 1_700_000_000_001].map((now) => newId(now));
    for (const id of ids) expect(uuid.safeParse(id).success).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(ids[0]![14]).toBe('7');
  });

  it('differ within one millisecond', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newId(1))).size).toBe(1_000);
  });
});

describe('derived ids', () => {
  it('are the same for the same parts, for ever', () => {
    expect(derivedId('authority', 'network', 'n-1')).toBe(derivedId('authority', 'network', 'n-1'));
    expect(derivedId('golden', 'value')).toBe('4b735831-8b9c-82e4-b650-04108d05a58e');
    expect(uuid.safeParse(derivedId('x')).success).toBe(true);
  });

  it('differ when parts are cut elsewhere', () => {
    expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'));
  });
});
