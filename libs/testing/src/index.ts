export { eventually } from './eventually.js';
export { seeded } from './seeded.js';
