export { eventually } from './eventually.js';
export { freePort } from './ports.js';
export { seeded } from './seeded.js';
