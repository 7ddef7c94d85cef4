export * from './names.js';
export * from './window.js';
export * from './items.js';
export * from './as-known-by.js';
export * from './without-window.js';
export * from './observed.js';
export * from './configuration.js';
export * from './connections.js';
export type { DataPlane } from './data-plane.js';
