/** For generators of documentation and completion: the command line as data, and how it ends. */
export { commands } from './commands.js';
export type { CommandSpec, Flag } from './command.js';
export { exitCodeTable } from './failures/exit-codes.js';
