import type { ColumnType, Projection } from '@caravan/event-store';
import { Rejection } from '@caravan/event-store';
import { EntitySchema, MoreThan } from 'typeorm';
import type {
  ColumnType as TypeOrmColumnType,
  DataSource,
  FindOptionsWhere,
  Repository,
  ValueTransformer,
} from 'typeorm';

/** What every read model has: an id, and the log position that made it, by which lists are ordered. */
export interface ReadModelRow {
  id: string;
  createdPosition: number;
}

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

const DEFAULT_LIMIT = 100;

const iso: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: Date | null) => value?.toISOString() ?? null,
};
const integer: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
const typeOrmTypes: Record<ColumnType, { type: TypeOrmColumnType; transformer?: ValueTransformer }> = {
  text: { type: 'text' },
  uuid: { type: 'uuid' },
  int4: { type: 'int4' },
  int8: { type: 'int8', transformer: integer },
  float8: { type: 'float8' },
  bool: { type: 'bool' },
  timestamptz: { type: 'timestamptz', transformer: iso },
  jsonb: { type: 'jsonb' },
};

/** The rows of a projection as TypeORM sees them: the columns are declared once, by the projection. */
export const entityOf = <Row extends object>({ table, key, columns }: Projection<Row>): EntitySchema<Row> => {
  const entries = columns.map(({ property, name, type }) => [
    property,
    { name, primary: property === key.property, ...typeOrmTypes[type] },
  ]);
  return new EntitySchema<Row>({
    name: table,
    tableName: table,
    columns: Object.fromEntries(entries) as EntitySchema<Row>['options']['columns'],
  });
};

/** Reads one projection. */
export class ReadModel<Row extends ReadModelRow> {
  readonly #rows: Repository<Row>;

  constructor(source: DataSource, projection: Projection<Row>) {
    this.#rows = source.getRepository<Row>(projection.table);
  }

  find(where: FindOptionsWhere<Row>): Promise<Row | null> {
    return this.#rows.findOneBy(where);
  }

  all(where: FindOptionsWhere<Row>): Promise<Row[]> {
    return this.#rows.find({ where, order: { createdPosition: 'ASC' } as never });
  }

  /** In the order of the log. No commit makes two rows of one table, so that a position is a cursor. */
  async page(
    where: FindOptionsWhere<Row>,
    { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
  ): Promise<Page<Row>> {
    const rows = await this.#rows.find({
      where: { ...where, ...(cursor !== undefined && { createdPosition: MoreThan(positionIn(cursor)) }) },
      order: { createdPosition: 'ASC' } as never,
      take: limit + 1,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last ? cursorAt(last.createdPosition) : null };
  }

  count(where: FindOptionsWhere<Row> = {}): Promise<number> {
    return this.#rows.count({ where });
  }
}

const cursorAt = (position: number): string => Buffer.from(`p${position}`).toString('base64url');

function positionIn(cursor: string): number {
  const position = /^p(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (position === undefined) {
    throw new Rejection('request.invalid', { detail: 'cursor: must be the `next` of an earlier page' });
  }
  return Number(position);
}
