import { conceal } from './conceal.js';
import { expose } from './expose.js';
import { invite } from './invite.js';
import { join } from './join.js';
import { remove } from './remove.js';
import { rotateBackbone } from './rotate-backbone.js';
import { rotateInstallation } from './rotate-installation.js';
import { rotate } from './rotate.js';

/** Every named step of a join, of an exposure, of rotations and of a deletion. */
export const STEPS = [
  ...[...invite, ...join, ...expose],
  ...[...rotate, ...rotateBackbone, ...rotateInstallation],
  ...[...conceal, ...remove],
];
export type { Step, Where } from './step.js';
