export { Forge, presented } from './forge.js';
export type { Forgery, Signer } from './forge.js';
export { stolenKeys } from './stolen-keys.js';
export type { StolenKey } from './stolen-keys.js';
export { BY_MANAGEMENT, DOORS, forgeriesOn } from './forgeries.js';
export type { Forgeries, Ground, Right, Target } from './forgeries.js';
