export { ConfigurationError, readConfig } from './read-config.js';
export type { WrongVariable } from './read-config.js';
export * from './variables.js';
