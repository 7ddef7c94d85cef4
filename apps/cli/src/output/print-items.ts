import { kindOf, kindOfField } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Column, Item, Kind, Names } from '../kinds/kind.js';
import { cellText, tableText } from './table.js';

/** The columns of a table; `withParents` when it holds items of several. */
export const columnsOf = (kind: Kind, wide: boolean, withParents = false): readonly Column[] => {
  const own = kind.columns.filter((column) => wide || !column.wide);
  if (!withParents) return own;
  const parents = kind.parents.map((name) => ({
    title: name.toUpperCase().replace('-', ' '),
    field: kindOf(name).idField,
  }));
  return [...parents, ...own.filter(({ field }) => !parents.some((parent) => parent.field === field))];
};

/** A field's value in words: what an id stands for, where that is known. */
export const fieldText = (kind: Kind, item: Item, field: string, names: Names): string => {
  const shown = kind.shown?.[field];
  if (shown) return shown(item);
  const target = field === 'id' ? undefined : kindOfField(kind, field);
  const value = item[field];
  return target !== undefined && typeof value === 'string' ? names(target.name, value) : cellText(value);
};

export const itemsTable = (kind: Kind, items: readonly Item[], columns: readonly Column[], names: Names): string =>
  tableText(
    columns.map(({ title }) => title),
    items.map((item) =>
      columns.map(({ field, of }) => (of ? cellText(of(item)) : fieldText(kind, item, field, names))),
    ),
  );

/** What `-o name` prints and the other verbs take back: `network/retail`. */
export const nameLine = (kind: Kind, item: Item, names: Names): string => {
  const label = kind.nameless ? undefined : kind.labels(item, names)[0];
  return `${kind.name}/${label || idOf(item)}\n`;
};
