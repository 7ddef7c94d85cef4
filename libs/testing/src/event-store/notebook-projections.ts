import { defineProjection, on, removeRow, setRow, updateRow, upsertRow } from '@caravan/event-store';
import type { Recorded } from '@caravan/event-store';
import { parseStreamName } from '@caravan/events';
import { NotebookClosed, NoteRemoved, NoteWritten } from './notebook.js';

export interface NoteRow {
  id: string;
  notebook: string;
  text: string;
  writtenAt: string;
  /** Where it was written. */
  position: number;
  tags: string[];
  removed: boolean;
}
export interface NotebookRow {
  id: string;
  notes: number;
  closedBy: string | null;
}

const notebookOf = ({ stream }: Recorded): string => parseStreamName(stream)!.id;

export const noteProjection = defineProjection<NoteRow>({
  table: 'note',
  key: 'id',
  columns: {
    id: 'text',
    notebook: 'text',
    text: 'text',
    writtenAt: 'timestamptz',
    position: 'int8',
    tags: 'jsonb',
    removed: 'bool',
  },
  on: [
    on(NoteWritten, ({ data: { noteId, text } }, recorded) =>
      setRow({
        id: `${notebookOf(recorded)}/${noteId}`,
        notebook: notebookOf(recorded),
        text,
        writtenAt: recorded.at,
        position: recorded.position,
        tags: [text, `"{,}\\ '${text}'`],
        removed: false,
      }),
    ),
    on(NoteRemoved, ({ data: { noteId } }, recorded) => removeRow(`${notebookOf(recorded)}/${noteId}`)),
  ],
});

const empty = (id: string): NotebookRow => ({ id, notes: 0, closedBy: null });

export const notebookProjection = defineProjection<NotebookRow>({
  table: 'public.notebook',
  key: 'id',
  columns: { id: 'text', notes: 'int4', closedBy: { name: 'closer', type: 'text' } },
  on: [
    on(NoteWritten, (_event, recorded) =>
      upsertRow(notebookOf(recorded), (row = empty(notebookOf(recorded))) => ({ ...row, notes: row.notes + 1 })),
    ),
    on(NoteRemoved, (_event, recorded) => updateRow(notebookOf(recorded), (row) => ({ ...row, notes: row.notes - 1 }))),
    on(NotebookClosed, (_event, recorded) =>
      upsertRow(notebookOf(recorded), (row = empty(notebookOf(recorded))) => ({
        ...row,
        closedBy: recorded.metadata.actor.id,
      })),
    ),
  ],
});

/** What the app's migration would be. */
export const notebookTablesSql = `
CREATE TABLE note (id text PRIMARY KEY, notebook text NOT NULL, text text NOT NULL CHECK (text <> 'unfit'),
  written_at timestamptz NOT NULL, position bigint NOT NULL, tags jsonb NOT NULL, removed boolean NOT NULL);
CREATE TABLE notebook (id text PRIMARY KEY, notes int NOT NULL, closer text)`;
