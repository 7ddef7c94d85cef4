import { describe } from 'vitest';
import { ROTATIONS } from '@caravan/testing/kill-points';
import { killsIn } from './kills/in-one-installation.js';

/** `kill -9` of everything, at the named steps of rotations: of a network, a backbone and the installation. In no moment may anybody refuse anybody's certificate. */
describe('kills in rotations', () => {
  killsIn((scenario) => ROTATIONS.has(scenario));
});
