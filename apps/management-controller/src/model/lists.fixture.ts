import { RowBatch } from '@caravan/event-store';
import type { Projection, RecordedEvent, Row } from '@caravan/event-store';
import type { DataSource } from 'typeorm';
import { projections } from '../read-models/projections.js';
import { ReadModels } from '../read-models/read-models.js';

interface Wanted {
  readonly where?: Row;
  readonly take?: number;
}

/** The lists as the API reads them, by the real projections, from as much of the log as they were shown. */
export class Lists {
  readonly readModels: ReadModels;
  private readonly tables = new Map<string, Map<string, Row>>(projections.map(({ table }) => [table, new Map()]));
  private shown = 0;

  constructor() {
    const getRepository = (table: string) => repositoryOf(this.tables.get(table)!);
    this.readModels = new ReadModels({ getRepository } as unknown as DataSource);
  }

  rows<R extends object>({ table }: Projection<R>): ReadonlyMap<string, R> {
    return this.tables.get(table) as unknown as ReadonlyMap<string, R>;
  }

  /** Shows them the log up to an event, if they have not seen it. */
  show(log: readonly RecordedEvent[], upTo = log.length): void {
    for (; this.shown < upTo; this.shown++) this.take(log[this.shown]!);
  }

  private take(event: RecordedEvent): void {
    for (const projection of projections as readonly Projection[]) {
      if (!projection.handlers.has(event.type)) continue;
      const batch = new RowBatch(projection);
      batch.add(event);
      const rows = this.tables.get(projection.table)!;
      const { upserts, removals } = batch.fold(rows);
      for (const row of upserts) rows.set(row[projection.key.property] as string, row);
      for (const id of removals) rows.delete(id);
    }
  }
}

const repositoryOf = (rows: ReadonlyMap<string, Row>) => {
  const fits = (row: Row, where: Row): boolean => Object.entries(where).every(([name, value]) => row[name] === value);
  const find = async ({ where = {}, take }: Wanted): Promise<Row[]> =>
    [...rows.values()].filter((row) => fits(row, where)).slice(0, take);
  return {
    find,
    findOneBy: async (where: Row) => {
      const row = rows.get(where['id'] as string);
      return row && fits(row, where) ? row : null;
    },
  };
};
