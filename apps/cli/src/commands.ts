import type { CommandSpec } from './command.js';
import { loginCommand } from './connection/login.command.js';
import { createCommand } from './resources/create.command.js';
import { deleteCommand } from './resources/delete.command.js';
import { describeCommand } from './resources/describe.command.js';
import { getCommand } from './resources/get.command.js';

/** Everything that `caravan` can do, in the order of its help. */
export const commands: readonly CommandSpec[] = [
  loginCommand,
  getCommand,
  describeCommand,
  createCommand,
  deleteCommand,
];
