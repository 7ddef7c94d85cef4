import { quoted } from './pg.js';

export const CHECKPOINT_TABLE = 'projection_checkpoint';
export const QUARANTINE_TABLE = 'reaction_quarantine';

/** The DDL of the table of checkpoints, for the app's own migration. */
export const checkpointTableSql = (table = CHECKPOINT_TABLE): string => `
CREATE TABLE ${quoted(table)} (
  name text PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0,
  commit_hash text,
  halted_at timestamptz,
  halted_position bigint,
  halted_stream text,
  halted_reason text,
  halted_kind text,
  request text CHECK (request IN ('rebuild', 'resume')),
  rebuilds bigint NOT NULL DEFAULT 0
)`;

/** The DDL of the table of what reactions put aside, for the app's own migration. */
export const quarantineTableSql = (table = QUARANTINE_TABLE): string => `
CREATE TABLE ${quoted(table)} (
  reaction text NOT NULL,
  position bigint NOT NULL,
  stream text NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (reaction, position)
)`;
