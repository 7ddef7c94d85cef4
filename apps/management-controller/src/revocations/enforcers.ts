import { FIELDS_SINCE } from '@caravan/data-plane';
import type { Holder, RevocationTarget } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Directory } from '../directory/directory.js';
import { accessPointsOf, isManaged, managementSitesOf, membersDialling, relaysOf } from '../directory/who.js';

/** Who must have done what before nobody lets in any more what was revoked. */
export interface Enforcers {
  readonly sites: readonly string[];
  /** What must not be otherwise than applied there: beginnings of item keys. */
  readonly items: readonly string[];
  /** What they must be able to do (capability of the site protocol); absent: every site can. */
  readonly capability?: number;
}

/**
 * Who would let it in when it is revoked, whatever becomes of their access points after that: pure, at the price of looking through who
 * exists. Who gets an access point later on hears of it with that.
 */
export function enforcersOf(target: RevocationTarget, directory: Directory): Enforcers {
  switch (target.kind) {
    case 'certificate':
      return { capability: FIELDS_SINCE.revoked, ...ofCertificate(target.holder, target.backboneId, directory) };
    case 'member':
      return {
        sites: relaysOf(directory, target.backboneId, ['member']),
        items: [`admission/member-${target.networkId}`],
      };
    case 'network':
      return { sites: relaysOf(directory, target.backboneId, ['claim', 'member']), items: [] }; // its doors are gone
    case 'backbone-site': {
      const { backboneId } = target;
      const sites = [
        ...relaysOf(directory, backboneId).filter((siteId) => siteId !== target.siteId),
        // They dial it no more. Of any other site they hear nothing new, and would confirm that only by and by.
        ...(isManaged(directory, target) ? managementSitesOf(directory) : []),
        ...membersDialling(directory, accessPointsOf(directory, target.siteId)),
      ];
      return { sites, items: [`admission/peer-${backboneId}`, `admission/bootstrap-${backboneId}`] };
    }
    default:
      return assertNever(target);
  }
}

function ofCertificate(holder: Holder, backboneId: string | null, directory: Directory): Enforcers {
  if (backboneId === null) return { sites: [], items: [] }; // the API refuses it as soon as it knows
  switch (holder.kind) {
    case 'claim':
      return { sites: relaysOf(directory, backboneId, ['claim']), items: [`admission/claim-${holder.networkId}`] };
    case 'member':
      return { sites: relaysOf(directory, backboneId, ['member']), items: [`admission/member-${holder.networkId}`] };
    case 'backbone-site':
      return { sites: relaysOf(directory, backboneId, ['peer']), items: [`admission/peer-${backboneId}`] };
    case 'bootstrap':
      return {
        // Who may dial a new site at its manage access point refuses it there.
        sites: [...relaysOf(directory, backboneId, ['peer']), ...managementSitesOf(directory)],
        items: [`admission/bootstrap-${backboneId}`],
      };
    case 'manage-link':
      return { sites: relaysOf(directory, backboneId, ['manage']), items: [`admission/manage-${backboneId}`] };
    case 'access-point':
      return {
        sites: diallersOf(holder.accessPointId, backboneId, directory),
        items: [],
        capability: FIELDS_SINCE.identities, // one that asks for no name would take it for another access point's
      };
    case 'nats-server':
    case 'api-server':
    case 'service':
    case 'management-site':
    case 'administrator':
      return { sites: [], items: [] }; // refused where it is asked for
    default:
      return assertNever(holder);
  }
}

/** Who may dial it. Whoever holds an invitation or a bundle is no site yet, and nobody can tell. */
function diallersOf(accessPointId: string, backboneId: string, directory: Directory): readonly string[] {
  const kind = directory.accessPoints.peek(accessPointId)?.kind;
  switch (kind) {
    case 'member':
      return membersDialling(directory, new Set([accessPointId]));
    case 'peer':
      return relaysOf(directory, backboneId);
    case 'manage':
      return managementSitesOf(directory);
    case 'claim':
    case undefined:
      return [];
    default:
      return assertNever(kind);
  }
}
