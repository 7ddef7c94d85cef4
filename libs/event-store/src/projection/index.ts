export { removeRow, setRow, updateRow, upsertRow } from './change.js';
export type { Change } from './change.js';
export { defineProjection, on } from './define-projection.js';
export type { Column, ColumnType, EventHandler, Projection, Row } from './define-projection.js';
export { projectRows, RowBatch } from './fold-rows.js';
export type { RowWrites } from './fold-rows.js';
export { remedyOf, UnfitRowError } from './projection-store.js';
export type {
  Checkpoint,
  Halt,
  HaltKind,
  ProjectionBatch,
  ProjectionRequest,
  ProjectionSession,
  ProjectionState,
  ProjectionStore,
} from './projection-store.js';
