export { ask } from './ask.js';
export type { Requester } from './ask.js';
export { ControlLink } from './control-link.js';
export type { ControlEnds } from './nats-over-stream.js';
export { codeOf, isForOperator, ManagementAway, ManagementRefusal, UnknownAnswer } from './refusals.js';
export { streamTo } from './stream-to.js';
