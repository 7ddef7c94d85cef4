export { DesiredStates } from './desired-states.js';
