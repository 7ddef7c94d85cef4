export { comeAgainAfter, comeAgainWhileAwaited, DEFAULT_BACK_OFF, delayAfter } from './back-off.js';
export type { BackOff } from './back-off.js';
export { Repeating } from './repeating.js';
export { Waiting } from './waiting.js';
