import type { CommandSpec } from './command.js';
import { adminCommand } from './admin/admin.command.js';
import { authorityCommand } from './authorities/authority.command.js';
import { loginCommand } from './connection/login.command.js';
import { bundleCommand } from './credentials/bundle.command.js';
import { inviteCommand } from './credentials/invite.command.js';
import { meetCommand } from './networks/meet.command.js';
import { networkCommand } from './networks/network.command.js';
import { endpointCommands } from './endpoints/endpoint.commands.js';
import { createCommand } from './resources/create.command.js';
import { deleteCommand } from './resources/delete.command.js';
import { describeCommand } from './resources/describe.command.js';
import { logCommand } from './operations/log.command.js';
import { quarantineCommand } from './operations/quarantine.command.js';
import { getCommand } from './resources/get.command.js';
import { approveCommand, declineCommand } from './resources/claim.commands.js';
import { evictCommand, revokeCommand } from './resources/revoke.command.js';
import { statementCommand } from './revocations/statement.command.js';
import { joinCommand } from './site/join.command.js';
import { rotateCommand } from './rotations/rotate.command.js';
import { siteCommand } from './site/site.command.js';
import { treeCommand } from './trust/tree.command.js';
import { statusCommand } from './status/status.command.js';

/** Everything that `caravan` can do, in the order of its help. */
export const commands: readonly CommandSpec[] = [
  loginCommand,
  statusCommand,
  getCommand,
  describeCommand,
  createCommand,
  deleteCommand,
  approveCommand,
  declineCommand,
  revokeCommand,
  evictCommand,
  statementCommand,
  meetCommand,
  networkCommand,
  rotateCommand,
  authorityCommand,
  treeCommand,
  inviteCommand,
  bundleCommand,
  joinCommand,
  ...endpointCommands,
  siteCommand,
  logCommand,
  quarantineCommand,
  adminCommand,
];
