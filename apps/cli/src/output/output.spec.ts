import { describe, expect, it } from 'vitest';
import { kindOf } from '../kinds/kinds.js';
import { descriptionText, section } from './description.js';
import { machineText, readOutputFormat } from './format.js';
import { columnsOf, itemsTable, nameLine } from './print-items.js';
import { shown } from './shown.js';
import { cellText, tableText } from './table.js';

const asIds = (_kind: string, id: unknown) => String(id);

describe('a table', () => {
  it('has columns as wide as their widest cell and no trailing space', () => {
    expect(
      tableText(
        ['A', 'LONGER'],
        [
          ['wide cell', 'x'],
          ['y', ''],
        ],
      ),
    ).toBe('A          LONGER\nwide cell  x\ny\n');
  });

  it('keeps a cell from looking like a row', () => {
    expect(tableText(['A', 'B'], [['one\nforged  row', 'x']])).toBe('A                B\none forged  row  x\n');
  });

  it.each([
    [null, '-'],
    ['', '-'],
    [[], '-'],
    [['a', null, 'b'], 'a,-,b'],
    [7, '7'],
    [false, 'false'],
    [{ a: 1 }, '{"a":1}'],
    ['2026-11-20T12:34:56.789Z', '2026-11-20 12:34:56Z'],
    ['2026-11-20T12:34:56+01:00', '2026-11-20T12:34:56+01:00'],
  ])('shows %j as %s', (value, text) => {
    expect(cellText(value)).toBe(text);
  });

  it('names parents when it holds items of several', () => {
    const titles = columnsOf(kindOf('listener'), true, true).map(({ title }) => title);
    expect(titles).toEqual(['NETWORK', 'MEMBER', 'ADDRESS', 'HOST', 'PORT', 'TLS', 'CREATED', 'ID']);
  });

  it('shows what an id stands for', () => {
    const kind = kindOf('network');
    const names = (of: string, id: unknown) => `${of} ${String(id)}`;
    const items = [{ id: 'n', name: 'retail', backboneId: 'b', status: 'active' }];
    expect(itemsTable(kind, items, columnsOf(kind, false), names)).toContain('backbone b');
  });
});

describe('an output format', () => {
  const document = { items: [{ name: 'a', none: null }], next: null };

  it('is json or yaml of the very document', () => {
    expect(machineText('json', document)).toBe(`${JSON.stringify(document, null, 2)}\n`);
    expect(machineText('yaml', document)).toBe('items:\n  - name: a\n    none: null\nnext: null\n');
    expect(machineText('table', document)).toBeUndefined();
  });

  it('that does not exist is refused with those that do', () => {
    expect(() => readOutputFormat('xml')).toThrow(
      expect.objectContaining({ code: 'cli.unknown-output', remedies: ['-o table|wide|json|yaml|name'] }),
    );
    expect(readOutputFormat(undefined)).toBe('table');
  });

  it('name has the id of what has no name of its own', () => {
    expect(nameLine(kindOf('network'), { id: 'n', name: 'retail' }, asIds)).toBe('network/retail\n');
    expect(nameLine(kindOf('certificate'), { id: 'c', subject: 'CN=hq' }, asIds)).toBe('certificate/c\n');
  });
});

describe('a description', () => {
  it('says what a status means, what an id stands for, and keeps long values together', () => {
    const item = { id: 'x', backboneId: 'b', status: 'establishing', note: 'one\ntwo\n' };
    const names = (_kind: string, id: unknown) => (id === 'b' ? 'demo' : String(id));
    expect(descriptionText(kindOf('backbone-site'), { ...item, status: 'new' }, names)).toBe(
      [
        'Id:        x',
        'Backbone:  demo (b)',
        'Status:    new: nobody downloaded its bundle yet: caravan bundle',
        'Note:      one',
        '           two',
        '',
      ].join('\n'),
    );
  });

  it('has sections, also empty ones', () => {
    expect(section('Links', 'a\nb\n')).toBe('\nLinks:\n  a\n  b\n');
    expect(section('Links', '')).toBe('\nLinks: none\n');
  });
});

describe('text of somebody else', () => {
  it.each([
    ['a colour', '\u001b[31mred', '\\u001b[31mred'],
    ['an escape of one character', '\u009b2J', '\\u009b2J'],
    ['a way back to the begin of the line', 'failed\rapplied', 'failed\\u000dapplied'],
    ['turned text', 'a\u202eb', 'a\\u202eb'],
  ])('shows %s instead of doing it', (_, text, seen) => {
    expect(shown(text)).toBe(seen);
    expect(JSON.parse(shown(JSON.stringify({ text })))).toEqual({ text });
  });

  it('keeps lines, tabs and letters of every language', () => {
    const text = 'größer\n\tнет\t好\n';
    expect(shown(text)).toBe(text);
  });
});
