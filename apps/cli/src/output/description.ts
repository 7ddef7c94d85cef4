import { kindOfField } from '../kinds/kinds.js';
import type { Item, Kind, Names } from '../kinds/kind.js';
import { fieldText } from './print-items.js';
import { cellText } from './table.js';

/** `createdAt` is "Created at", `backboneId` "Backbone": what it points to is shown by name, with its id. */
const heading = (field: string, isReference: boolean): string => {
  const words = field.replace(isReference ? /Id$/ : /$^/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const lineOf = (kind: Kind, item: Item, field: string, names: Names): [string, string] => {
  const target = field === 'id' ? undefined : kindOfField(kind, field);
  const value = fieldText(kind, item, field, names);
  if (target !== undefined) {
    const raw = cellText(item[field]);
    return [heading(field, true), raw === value ? raw : `${value} (${raw})`];
  }
  const meaning = kind.meanings?.[field]?.[value];
  return [heading(field, false), meaning === undefined ? value : `${value}: ${meaning}`];
};

/** Every field of an item, one to a line; `skip`: those that are shown in another way. */
export const descriptionText = (kind: Kind, item: Item, names: Names, skip: readonly string[] = []): string => {
  const fields = Object.keys(item).filter((field) => !skip.includes(field));
  const lines = fields.map((field) => lineOf(kind, item, field, names));
  const width = Math.max(...lines.map(([title]) => title.length)) + 3;
  return lines.map(([title, value]) => `${`${title}:`.padEnd(width)}${indented(value, width)}\n`).join('');
};

const indented = (text: string, width: number): string => text.trimEnd().replaceAll('\n', `\n${' '.repeat(width)}`);

export const section = (title: string, body: string): string =>
  `\n${title}:${body === '' ? ' none\n' : `\n${body.replace(/^(?=.)/gm, '  ')}`}`;
