export { ask } from './ask.js';
export type { Requester } from './ask.js';
export { delayAfter, DEFAULT_BACK_OFF } from './back-off.js';
export type { BackOff } from './back-off.js';
export { ControlLink } from './control-link.js';
export type { ControlEnds } from './nats-over-stream.js';
export { codeOf, ManagementAway, ManagementRefusal, UnknownAnswer } from './refusals.js';
export { Waiting } from './waiting.js';
