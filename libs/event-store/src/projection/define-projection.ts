import { streamPrefix } from '@caravan/events';
import type { Event, EventType } from '@caravan/events';
import type { RecordedEvent } from '../recorded-event.js';
import type { Change } from './change.js';

/** The PostgreSQL types that rows are made of. Lists and documents are `jsonb`; times are ISO-8601 UTC strings in a row. */
export type ColumnType = 'text' | 'uuid' | 'int4' | 'int8' | 'float8' | 'bool' | 'timestamptz' | 'jsonb';

export interface Column {
  /** As the row calls it. */
  readonly property: string;
  /** As the table calls it. */
  readonly name: string;
  readonly type: ColumnType;
}

/** Rows as the engine sees them. */
export type Row = Record<string, unknown>;

/** What one event type does to the rows of one table. Made by `on`. */
export interface EventHandler<R> {
  readonly type: string;
  /** What the name of every stream of its category begins with. */
  readonly streams: string;
  readonly changes: (event: RecordedEvent) => readonly Change<R>[];
}

/** A table that is a function of the log. The app's migrations own its DDL; the engine only knows the columns named here. */
export interface Projection<R extends object = object> {
  readonly table: string;
  readonly key: Column;
  /** The key among them. */
  readonly columns: readonly Column[];
  readonly handlers: ReadonlyMap<string, EventHandler<Row>>;
  /** Only for the type checker: what a row is. */
  readonly row?: R;
}

interface Definition<R extends object> {
  /** `table` or `schema.table`. */
  readonly table: string;
  /** The property that is the row's id: a `text` or `uuid` column with a unique index. */
  readonly key: keyof R & string;
  /** A type alone means a column called like the property in snake_case. */
  readonly columns: {
    readonly [P in keyof R & string]-?: ColumnType | { readonly name: string; readonly type: ColumnType };
  };
  readonly on: readonly EventHandler<R>[];
}

/**
 * What an event changes: a pure function of the event alone (and, in `updateRow` and `upsertRow`, of the row), since that is
 * what makes a rebuild give the same rows. No clock, no query, no other table.
 */
export const on = <Type extends string, Data, R>(
  { type, category }: EventType<Type, Data>,
  changes: (event: Event<Type, Data>, recorded: RecordedEvent<Event<Type, Data>>) => Change<R> | readonly Change<R>[],
): EventHandler<R> => ({
  type,
  streams: streamPrefix(category),
  changes: (event) => {
    const typed = event as RecordedEvent<Event<Type, Data>>;
    const changed = changes(typed, typed);
    return Array.isArray(changed) ? (changed as readonly Change<R>[]) : [changed as Change<R>];
  },
});

/**
 * Declares a projection.
 *
 * @example
 * const networks = defineProjection<NetworkRow>({
 *   table: 'network', key: 'id', columns: { id: 'uuid', name: 'text', createdAt: 'timestamptz' },
 *   on: [
 *     on(NetworkCreated, ({ data }, { at }) => setRow({ id: data.networkId, name: data.name, createdAt: at })),
 *     on(NetworkDeleted, ({ data }) => removeRow(data.networkId)),
 *   ],
 * });
 * @throws RangeError when an event type is handled twice, or the key has no fitting column.
 */
export function defineProjection<R extends object>(definition: Definition<R>): Projection<R> {
  const declared = Object.entries<ColumnType | { readonly name: string; readonly type: ColumnType }>(
    definition.columns,
  );
  const columns = declared.map(([property, column]) =>
    typeof column === 'string' ? { property, name: snakeCase(property), type: column } : { property, ...column },
  );
  const key = columns.find(({ property }) => property === definition.key);
  if (!key || (key.type !== 'text' && key.type !== 'uuid')) {
    throw new RangeError(`${definition.table}: the key ${definition.key} must be a text or uuid column`);
  }
  const handlers = new Map<string, EventHandler<Row>>();
  for (const handler of definition.on) {
    if (handlers.has(handler.type)) throw new RangeError(`${definition.table} handles ${handler.type} twice`);
    handlers.set(handler.type, handler as unknown as EventHandler<Row>);
  }
  return { table: definition.table, key, columns, handlers };
}

const snakeCase = (property: string): string =>
  property.replace(/[A-Z]+/g, (upper, at: number) => `${at > 0 ? '_' : ''}${upper.toLowerCase()}`);
