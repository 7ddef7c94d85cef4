import type { Pool } from 'pg';

/** Every row of the projections as PostgreSQL prints it, by table. */
export type Rows = ReadonlyMap<string, readonly string[]>;

export async function readRows(pool: Pool): Promise<Rows> {
  const { rows: tables } = await pool.query<{ name: string }>(
    // What is a function of the log knows the position that made it; the rest is live.
    `select table_name as name from information_schema.columns
     where table_schema = 'management' and column_name = 'created_position' order by 1`,
  );
  const read = async ({ name }: { name: string }) => {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from management."${name}" t order by id`);
    return [name, rows.map(({ row }) => row)] as const;
  };
  return new Map(await Promise.all(tables.map(read)));
}

/** Where two readings differ, in words. */
export function differences(before: Rows, after: Rows): string[] {
  const tables = [...new Set([...before.keys(), ...after.keys()])];
  return tables.flatMap((table) => {
    const [was, is] = [new Set(before.get(table)), new Set(after.get(table))];
    return [
      ...[...was].filter((row) => !is.has(row)).map((row) => `${table}: a rebuild does not make ${row}`),
      ...[...is].filter((row) => !was.has(row)).map((row) => `${table}: a rebuild makes also ${row}`),
    ];
  });
}

export const countOf = (rows: Rows): number => [...rows.values()].reduce((sum, { length }) => sum + length, 0);
