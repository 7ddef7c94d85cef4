export * from './backbone-name.js';
export * from './backbone-site.js';
export * from './backbone.js';
export * from './management-site.js';
