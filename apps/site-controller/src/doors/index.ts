export { Doors, DoorsShut } from './doors.js';
export type { DoorsOptions } from './doors.js';
