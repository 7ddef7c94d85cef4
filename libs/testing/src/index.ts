export { eventually } from './eventually.js';
export { freeze, thaw, whileFrozen } from './frozen.js';
export { freePort } from './ports.js';
export { seeded } from './seeded.js';
