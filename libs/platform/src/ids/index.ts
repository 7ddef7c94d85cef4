export { derivedId } from './derived-id.js';
export { newId } from './new-id.js';
