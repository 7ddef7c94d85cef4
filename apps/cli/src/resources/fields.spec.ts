import { describe, expect, it } from 'vitest';
import { nested, readField } from './fields.js';
import { splitSlashedName } from './verb.js';

const now = new Date('2026-11-20T12:00:00.000Z');
const field = { flag: 'limit', value: 'n', field: 'limit', about: '' };

describe('the text of an option', () => {
  it.each([
    ['text', 'x', 'x'],
    ['integer', '42', 42],
    ['limit', '5', 5],
    ['limit', 'none', null],
    ['duration', '1h', '2026-11-20T13:00:00.000Z'],
    ['time', '2026-12-24T18:00Z', '2026-12-24T18:00:00.000Z'],
  ] as const)('as %s: %s is %p', (type, given, value) => {
    expect(readField({ ...field, type }, given, now)).toBe(value);
  });

  it.each(['', '1.5', 'five', '0x10', '9'.repeat(40)])('%j is no number', (given) => {
    const read = () => readField({ ...field, type: 'integer' }, given, now);
    expect(read).toThrow(expect.objectContaining({ code: 'cli.bad-number' }));
  });
});

describe('fields of a field', () => {
  it('are one object', () => {
    const values = { port: 80, 'tls.certificate': 'web', 'tls.clients': 'partners' };
    expect(nested(values)).toEqual({ port: 80, tls: { certificate: 'web', clients: 'partners' } });
  });
});

describe('kind/name', () => {
  it.each([
    [
      ['delete', 'network/retail'],
      ['delete', 'network', 'retail'],
    ],
    [
      ['get', 'ap/east/peer', '-o', 'json'],
      ['get', 'access-point', 'east/peer', '-o', 'json'],
    ],
    [
      ['get', 'network', 'a/b'],
      ['get', 'network', 'a/b'],
    ],
    [
      ['get', 'nothing/x'],
      ['get', 'nothing/x'],
    ],
    [
      ['join', 'network/x'],
      ['join', 'network/x'],
    ],
    [['get'], ['get']],
    [[], []],
  ])('%j is %j', (typed, meant) => {
    expect(splitSlashedName(typed)).toEqual(meant);
  });
});
