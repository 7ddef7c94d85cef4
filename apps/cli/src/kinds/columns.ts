import type { Column } from './kind.js';

export const nameColumn: Column = { title: 'NAME', field: 'name' };
export const createdColumn: Column = { title: 'CREATED', field: 'createdAt' };
export const idColumn: Column = { title: 'ID', field: 'id', wide: true };
