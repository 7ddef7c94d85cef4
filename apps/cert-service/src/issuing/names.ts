import type { Holder } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import { formatIdentity } from '@caravan/pki';

/** The URI SAN of a holder; null for servers that are known by host only. */
export function identityOf(holder: Holder, installation: string): string | null {
  switch (holder.kind) {
    case 'nats-server':
    case 'api-server':
      return null;
    default:
      return formatIdentity({ ...holder, installation });
  }
}

/** For people who look at a certificate. Never a host, never compared. */
export function commonNameOf(holder: Holder): string {
  switch (holder.kind) {
    case 'nats-server':
      return 'Caravan NATS server';
    case 'api-server':
      return 'Caravan API server';
    case 'service':
      return `service ${holder.name}`;
    case 'management-site':
      return `management site ${holder.siteId}`;
    case 'administrator':
      return `administrator ${holder.name}`;
    case 'manage-link':
      return `manage link ${holder.siteId}`;
    case 'bootstrap':
      return `bootstrap ${holder.siteId}`;
    case 'backbone-site':
      return `backbone site ${holder.siteId}`;
    case 'access-point':
      return `access point ${holder.accessPointId}`;
    case 'claim':
      return `claim ${holder.invitationId}`;
    case 'member':
      return `member ${holder.memberId}`;
    default:
      return assertNever(holder);
  }
}
