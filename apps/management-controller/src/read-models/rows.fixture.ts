import type { Event } from '@caravan/events';
import { projectRows } from '@caravan/event-store';
import type { Projection, RecordedEvent, Row } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { FindOperator } from 'typeorm';
import type { DataSource, FindManyOptions } from 'typeorm';
import { projections } from './projections.js';
import { ReadModels } from './read-models.js';

/** Each event a commit of its own, in a log that begins with the first. */
const recorded = (events: readonly Event[]): RecordedEvent[] =>
  events.map((event, index) => ({
    ...event,
    stream: 'caravan.evt.spec.spec.spec',
    position: index + 1,
    index: 0,
    at: '2026-01-01T12:00:00.000Z',
    metadata: commandMetadata(),
  }));

/** What stands in for PostgreSQL: the rows that the projections make of these events, found as TypeORM finds them. */
export function sourceOf(...events: Event[]): DataSource {
  const log = recorded(events);
  const getRepository = (table: string) => {
    const projection = projections.find((each) => each.table === table) as Projection<Row> | undefined;
    if (!projection) throw new Error(`no projection makes ${table}`);
    return repositoryOf([...projectRows(projection, log).values()]);
  };
  return { getRepository } as unknown as DataSource;
}

/** The lists as the API reads them after these events. */
export const readModelsOf = (...events: Event[]): ReadModels => new ReadModels(sourceOf(...events));

type Wanted = Omit<FindManyOptions<Row>, 'where'> & { readonly where?: Row };
const repositoryOf = (rows: readonly Row[]) => {
  const find = async ({ where = {}, order = {}, take }: Wanted): Promise<Row[]> => {
    const [by] = Object.keys(order);
    const found = rows.filter((row) => Object.entries(where).every(([name, wanted]) => fits(row[name], wanted)));
    if (by !== undefined) found.sort((one, other) => Number(one[by]) - Number(other[by]));
    return found.slice(0, take);
  };
  return {
    find,
    findOneBy: async (where: Row) => (await find({ where, take: 1 }))[0] ?? null,
    count: async ({ where }: Wanted = {}) => (await find({ where: where ?? {} })).length,
  };
};

function fits(value: unknown, wanted: unknown): boolean {
  if (!(wanted instanceof FindOperator)) return value === wanted;
  if (wanted.type === 'in') return (wanted.value as readonly unknown[]).includes(value);
  if (wanted.type === 'isNull') return value === null;
  if (wanted.type !== 'moreThan') throw new Error(`this stand-in does not know ${wanted.type}`);
  return Number(value) > Number(wanted.value);
}
