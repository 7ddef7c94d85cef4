export { DesiredStateController } from './desired-state.controller.js';
export { SyncController } from './sync.controller.js';
