export * from './event-type.js';
export * from './stream.js';
export * from './commit.js';
export * from './vocabulary.js';
