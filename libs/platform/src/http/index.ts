export { createApp } from './create-app.js';
export type { AppOptions, UnreadRequest } from './create-app.js';
export type { ConnectionLimits } from './connection-limits.js';
export { ProblemDetailsFilter, problemOf } from './problem-details.filter.js';
export { readJson, requireStorable } from './read-json.js';
export { refusalOf } from './refusal.js';
export type { Refusal } from './refusal.js';
export { parsed, valid } from './schema.pipe.js';
export { mayHelpLater, statusOf } from './statuses.js';
