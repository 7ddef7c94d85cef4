import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.js';

const item = (id: string, value: unknown = 0): { id: string; value: unknown } => ({ id, value });

describe('changes between two configurations', () => {
  it('are none for the same items, compared by value', () => {
    const changes = changesBetween([item('a', { x: [1] })], [item('a', { x: [1] })]);
    expect(changes).toEqual({ added: [], changed: [], kept: [item('a', { x: [1] })], removed: [] });
  });

  it('name what came, went and differs', () => {
    const changes = changesBetween([item('a'), item('b'), item('c')], [item('b'), item('c', 1), item('d')]);
    expect(changes).toEqual({
      added: [item('d')],
      changed: [{ before: item('c'), after: item('c', 1) }],
      kept: [item('b')],
      removed: [item('a')],
    });
  });
});
