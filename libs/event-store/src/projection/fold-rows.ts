import type { RecordedEvent } from '../recorded-event.js';
import type { Change } from './change.js';
import type { Projection, Row } from './define-projection.js';

/** What is to be written to one table so that a batch of events has had its effect. Nothing is in both. */
export interface RowWrites<R = Row> {
  readonly upserts: readonly R[];
  readonly removals: readonly string[];
}

interface KeyedChange {
  readonly id: string;
  readonly change: Change<Row>;
}

/** The changes of a batch to one table, in the order of the events. */
export class RowBatch {
  private readonly changes: KeyedChange[] = [];
  private readonly key: string;

  constructor(readonly projection: Projection) {
    this.key = projection.key.property;
  }

  /** Whatever a handler throws is thrown. */
  add(event: RecordedEvent): void {
    const handler = this.projection.handlers.get(event.type);
    if (!handler) return;
    for (const change of handler.changes(event)) {
      this.changes.push({ id: change.kind === 'set' ? this.idOf(change.row) : change.id, change });
    }
  }

  /** The rows whose old content matters: those that are not first set or removed. */
  idsToLoad(): string[] {
    const blind = new Set<string>();
    const needed = new Set<string>();
    for (const { id, change } of this.changes) {
      if (change.kind === 'set' || change.kind === 'remove') {
        if (!needed.has(id)) blind.add(id);
      } else if (!blind.has(id)) needed.add(id);
    }
    return [...needed];
  }

  /** @throws RangeError when an update changes a row's id. */
  fold(loaded: ReadonlyMap<string, Row>): RowWrites {
    const rows = new Map<string, Row | undefined>();
    for (const { id, change } of this.changes) {
      const before = rows.has(id) ? rows.get(id) : loaded.get(id);
      if (change.kind === 'update' && !before) continue;
      const after = applied(change, before);
      if (after && this.idOf(after) !== id)
        throw new RangeError(`${this.projection.table}: ${id} may not get another id`);
      rows.set(id, after);
    }
    const upserts: Row[] = [];
    const removals: string[] = [];
    for (const [id, row] of rows) {
      if (row) upserts.push(row);
      else removals.push(id);
    }
    return { upserts, removals };
  }

  private idOf(row: Row): string {
    const id = row[this.key];
    if (typeof id !== 'string' || id === '')
      throw new RangeError(`${this.projection.table}: a row without ${this.key}`);
    return id;
  }
}

function applied(change: Change<Row>, before: Row | undefined): Row | undefined {
  switch (change.kind) {
    case 'set':
      return change.row;
    case 'update':
      return change.update(before as Row);
    case 'upsert':
      return change.update(before);
    case 'remove':
      return undefined;
  }
}

/** The rows that a projection makes of events, by id: the whole engine without a database. `rows` is what was there before. */
export function projectRows<R extends object>(
  projection: Projection<R>,
  events: Iterable<RecordedEvent>,
  rows: ReadonlyMap<string, R> = new Map(),
): Map<string, R> {
  const batch = new RowBatch(projection);
  for (const event of events) batch.add(event);
  const { upserts, removals } = batch.fold(rows as ReadonlyMap<string, Row>);
  const after = new Map(rows);
  for (const row of upserts) after.set(row[projection.key.property] as string, row as R);
  for (const id of removals) after.delete(id);
  return after;
}
