export * from './route.js';
export * from './problem.js';
export * from './client.js';
export * from './openapi.js';
export * from './v1/index.js';
export * from './site/index.js';
