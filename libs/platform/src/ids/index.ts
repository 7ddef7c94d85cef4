export { derivedId } from './derived-id.js';
export { installationOwnerId } from './installation-owner.js';
export { newId } from './new-id.js';
