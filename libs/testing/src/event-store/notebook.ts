import { z } from 'zod';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';
import { eventsOf, streamName } from '@caravan/events';
import type { EventOf } from '@caravan/events';

/** An aggregate that exists in specs only: notes are written until the notebook is closed. */
export const notebookCategory = { context: 'topology', aggregate: 'notebook' } as const;
export const notebookStream = (id: string) => streamName(notebookCategory, id);
const event = eventsOf(notebookCategory);

export const NoteWritten = event({
  type: 'NoteWritten',
  schema: z.strictObject({ noteId: z.string(), text: z.string() }),
});
export const NoteRemoved = event({ type: 'NoteRemoved', schema: z.strictObject({ noteId: z.string() }) });
export const NotebookClosed = event({ type: 'NotebookClosed', schema: z.strictObject({}) });
export const notebookEvents = [NoteWritten, NoteRemoved, NotebookClosed] as const;
export type NotebookEvent = EventOf<typeof notebookEvents>;

export interface Notebook {
  status: 'open' | 'closed';
  readonly notes: Map<string, string>;
}

export interface WriteNote extends Command<'WriteNote'> {
  readonly notebookId: string;
  readonly noteId: string;
  readonly text: string;
}
export interface RemoveAllNotes extends Command<'RemoveAllNotes'> {
  readonly notebookId: string;
}
export interface CloseNotebook extends Command<'CloseNotebook'> {
  readonly notebookId: string;
}
export type NotebookCommand = WriteNote | RemoveAllNotes | CloseNotebook;

export const notebook: Decider<Notebook, NotebookCommand, NotebookEvent> = {
  initial: () => ({ status: 'open', notes: new Map() }),
  decide(command, { status, notes }) {
    switch (command.type) {
      case 'WriteNote':
        if (status === 'closed') throw new Rejection('notebook.closed', { notebookId: command.notebookId });
        return notes.get(command.noteId) === command.text
          ? []
          : [NoteWritten({ noteId: command.noteId, text: command.text })];
      case 'RemoveAllNotes':
        return [...notes.keys()].map((noteId) => NoteRemoved({ noteId }));
      case 'CloseNotebook':
        return status === 'closed' ? [] : [NotebookClosed({})];
      default:
        return assertNever(command);
    }
  },
  evolve(state, { type, data }) {
    switch (type) {
      case 'NoteWritten':
        state.notes.set(data.noteId, data.text);
        return state;
      case 'NoteRemoved':
        state.notes.delete(data.noteId);
        return state;
      case 'NotebookClosed':
        state.status = 'closed';
        return state;
      default:
        return assertNever(type);
    }
  },
};
