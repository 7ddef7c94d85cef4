import { describe, expect, it } from 'vitest';
import { descriptionText } from '../output/description.js';
import { columnsOf, itemsTable } from '../output/print-items.js';
import { kindOf } from './kinds.js';

const kind = kindOf('invitation');
const names = (_kind: string, id: unknown): string => String(id);
const item = (status: string, claims: number, instanceLimit: number | null) => ({
  id: 'i',
  name: 'kiosk',
  status,
  claims,
  instanceLimit,
});
const shown = (...given: Parameters<typeof item>): string => {
  const table = itemsTable(kind, [item(...given)], columnsOf(kind, false), names);
  return /kiosk +(\w+( \w+)?) {2,}/.exec(table)?.[1] ?? table;
};

describe('an invitation', () => {
  it('that as many sites have claimed as may is used up, as its refusal would say', () => {
    expect(shown('open', 2, 2)).toBe('used up');
    expect(descriptionText(kind, item('open', 2, 2), names)).toMatch(/Status: +used up: as many sites/);
  });

  it('is what the API says otherwise', () => {
    expect(shown('open', 1, 2)).toBe('open');
    expect(shown('open', 100, null)).toBe('open');
    expect(shown('revoked', 2, 2)).toBe('revoked');
    expect(descriptionText(kind, item('open', 1, 2), names)).toMatch(/Status: +open: sites may claim it/);
  });
});
