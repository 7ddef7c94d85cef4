import type { AccessKind } from '@caravan/data-plane';
import type { Entrance } from './doors.js';

const WHY: Readonly<Record<Exclude<Entrance['status'], 'open'>, string>> = {
  unknown: 'there is no such door here',
  'not-started': 'its network has not started',
  ended: 'its network has ended',
};

/** A server name behind which nobody is let in now. The other end cannot tell one reason from another. */
export class Shut extends Error {
  override readonly name = 'Shut';
  readonly code: `door.${Exclude<Entrance['status'], 'open'>}`;
  readonly detail: string;

  constructor(status: Exclude<Entrance['status'], 'open'>, access: AccessKind, serverName: string) {
    const detail = `the ${access} door ${serverName}: ${WHY[status]}`;
    super(detail);
    this.code = `door.${status}`;
    this.detail = detail;
  }
}
