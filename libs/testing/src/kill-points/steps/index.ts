import { conceal } from './conceal.js';
import { expose } from './expose.js';
import { invite } from './invite.js';
import { join } from './join.js';
import { remove } from './remove.js';

/** Every named step of a join, of an exposure and of a deletion. */
export const STEPS = [...invite, ...join, ...expose, ...conceal, ...remove];
export type { Step, Where } from './step.js';
