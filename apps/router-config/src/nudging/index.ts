export { Nudges } from './nudges.js';
