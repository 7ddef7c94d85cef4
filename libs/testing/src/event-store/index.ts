export { eventStoreContract } from './contract.js';
export type { StoreUnderTest } from './contract.js';
export {
  notebook,
  notebookCategory,
  NotebookClosed,
  notebookEvents,
  notebookStream,
  NoteRemoved,
  NoteWritten,
} from './notebook.js';
export type { CloseNotebook, Notebook, NotebookCommand, NotebookEvent, RemoveAllNotes, WriteNote } from './notebook.js';
