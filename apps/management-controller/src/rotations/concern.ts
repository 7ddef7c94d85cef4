import { assertNever } from '@caravan/event-store';
import type { Directory } from '../directory/directory.js';
import { isManaged, managementSitesOf, membersOfNetwork, membersOnBackbone, relaysOf } from '../directory/who.js';
import type { RunningRotation } from './running-rotations.js';

/** Whom the phase of a rotation waits for. */
export interface Concern {
  readonly sites: readonly string[];
  /** What must not be otherwise than applied there: beginnings of item keys. */
  readonly items: readonly string[];
}

const NOBODY: Concern = { sites: [], items: [] };

/** Which sites must have done what before the next phase may begin. Pure; at the price of looking through who exists. */
export function concernOf({ owner, phase }: Pick<RunningRotation, 'owner' | 'phase'>, directory: Directory): Concern {
  switch (owner.kind) {
    case 'network':
      return ofNetwork(owner, phase, directory);
    case 'backbone':
      return ofBackbone(owner.backboneId, phase, directory);
    case 'installation':
      return ofInstallation(phase, directory);
    default:
      return assertNever(owner);
  }
}

function ofNetwork(
  { networkId, backboneId }: { readonly networkId: string; readonly backboneId: string },
  phase: RunningRotation['phase'],
  directory: Directory,
): Concern {
  switch (phase) {
    case 'trust':
    case 'retire':
      return {
        sites: relaysOf(directory, backboneId, ['claim', 'member']),
        items: [`admission/claim-${networkId}`, `admission/member-${networkId}`],
      };
    case 'listeners':
      return NOBODY; // access points are certified by their backbone
    case 'diallers':
      return {
        sites: membersOfNetwork(directory, networkId),
        items: ['certificate/site'],
      };
    default:
      return assertNever(phase);
  }
}

/** Every site knows the management plane by its authority. What is no site is looked at elsewhere (`InstallationProgress`). */
function ofInstallation(phase: RunningRotation['phase'], directory: Directory): Concern {
  const management = managementSitesOf(directory);
  switch (phase) {
    case 'trust':
    case 'retire': {
      const relays = [...directory.backboneSites].flatMap(([siteId, { enrolled }]) => (enrolled ? siteId : []));
      return { sites: [...relays, ...directory.members.keys(), ...management], items: ['control/'] };
    }
    case 'listeners':
      return NOBODY; // nats-server is no site
    case 'diallers':
      return { sites: management, items: ['certificate/site'] };
    default:
      return assertNever(phase);
  }
}

function ofBackbone(backboneId: string, phase: RunningRotation['phase'], directory: Directory): Concern {
  const relays = relaysOf(directory, backboneId);
  // To whom it has nobody to dial nothing is said, and it would say only by and by that it knows.
  const management = isManaged(directory, { backboneId }) ? managementSitesOf(directory) : [];
  switch (phase) {
    case 'trust':
    case 'retire': {
      const members = membersOnBackbone(directory, backboneId);
      // A link that is down for another reason is no reason to wait: whoever has taken its item trusts by it.
      const own = ['peer', 'bootstrap', 'manage'].map((door) => `admission/${door}-${backboneId}`);
      return { sites: [...relays, ...members, ...management], items: own };
    }
    case 'listeners':
      return { sites: relays, items: ['certificate/ap-'] };
    case 'diallers':
      return { sites: [...relays, ...management], items: ['certificate/site', `certificate/manage-${backboneId}`] };
    default:
      return assertNever(phase);
  }
}
