import { describe, expect, it } from 'vitest';
import { notebook, NotebookClosed, notebookEvents, NoteRemoved, NoteWritten } from '../event-store/index.js';
import type { NotebookCommand } from '../event-store/index.js';
import { commandMetadata, specification } from './index.js';

const { given } = specification(notebook, notebookEvents);
const write = (text: string): NotebookCommand => ({
  type: 'WriteNote',
  notebookId: 'n1',
  noteId: text,
  text,
  metadata: commandMetadata(),
});
const note = (text: string) => NoteWritten({ noteId: text, text });

describe('a specification holds when the decider does what it says:', () => {
  it('events', () => given(note('a')).when(write('b')).then(note('b')));
  it('a rejection, with some of its details', () =>
    given(note('a'), NotebookClosed({})).when(write('b')).thenRejects('notebook.closed', { notebookId: 'n1' }));
  it('nothing', () => given(note('a')).when(write('a')).thenNothing());
});

describe('a specification fails when the decider', () => {
  const fails = (specified: () => void) => expect(specified).toThrow();

  it('leads to other events', () => {
    fails(() => given().when(write('a')).then(note('b')));
    fails(() => given().when(write('a')).then(note('a'), note('a')));
    fails(() => given().when(write('a')).thenNothing());
  });
  it('does not reject, or for another reason', () => {
    fails(() => given().when(write('a')).thenRejects('notebook.closed'));
    fails(() => given(NotebookClosed({})).when(write('a')).thenRejects('notebook.full'));
    fails(() => given(NotebookClosed({})).when(write('a')).thenRejects('notebook.closed', { notebookId: 'n2' }));
    fails(() => given(NotebookClosed({})).when(write('a')).thenNothing());
  });
  it('changes the state while it decides', () => {
    const greedy = specification({
      ...notebook,
      decide: (_command: NotebookCommand, state) => {
        state.notes.clear();
        return [];
      },
    });
    fails(() => greedy.given(note('a')).when(write('b')).thenNothing());
  });
  it('is given or makes events that break their schema', () => {
    const wrong = { ...note('a'), data: { noteId: 'a' } } as never;
    fails(() => given(wrong).when(write('b')).then(note('b')));
    const sloppy = specification({ ...notebook, decide: () => [wrong] }, notebookEvents);
    fails(() => sloppy.given().when(write('b')).then(wrong));
  });
  it('is asked about events of somebody else', () => {
    const { given: only } = specification(notebook, [NoteWritten]);
    fails(() =>
      only(NoteRemoved({ noteId: 'a' }))
        .when(write('b'))
        .then(note('b')),
    );
  });
});
