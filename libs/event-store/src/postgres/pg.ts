/** What is used of `pg`, so that any compatible pool will do. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}

export interface PgClient extends Queryable {
  on(event: 'error' | 'end', listener: (error: Error) => void): unknown;
  removeListener(event: 'error' | 'end', listener: (error: Error) => void): unknown;
  release(destroy?: boolean | Error): void;
}

/** A `pg.Pool`. Session locks are held on its connections: no transaction pooler may stand in between. */
export interface PgPool extends Queryable {
  connect(): Promise<PgClient>;
}

/** `table` or `schema.table`, quoted: names come from declarations, but a reserved word is a fine name too. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');

/** The SQLSTATE of an error, if PostgreSQL said it. */
export const sqlState = (error: unknown): string | undefined => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};
