import { databaseUrlOf } from '../kill-points/servers.js';
import { poolOn } from '../servers/pool.js';
import type { TestInstallation } from './test-installation.js';

/** Every row of every table of ours, as text, by table. Bytes are in hex. */
export async function wholeDatabase(installation: TestInstallation): Promise<Map<string, string>> {
  const pool = poolOn(databaseUrlOf(installation), { max: 1 });
  try {
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
    );
    const texts = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await pool.query<{ text: string }>(`select t::text as text from ${name} t`);
      texts.set(name, rows.map(({ text }) => text).join('\n'));
    }
    return texts;
  } finally {
    await pool.end();
  }
}
