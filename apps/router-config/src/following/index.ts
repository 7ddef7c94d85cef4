export { DesiredStateFold, INSTALLATION } from './desired-state-fold.js';
