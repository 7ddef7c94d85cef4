import { assertNever } from '@caravan/event-store';
import type { AccessKind } from '@caravan/events';
import type { Directory } from '../directory/directory.js';
import type { RunningRotation } from './running-rotations.js';

/** Whom the phase of a rotation waits for. */
export interface Concern {
  readonly sites: readonly string[];
  /** What must not be otherwise than applied there: beginnings of item keys. */
  readonly items: readonly string[];
}

const NOBODY: Concern = { sites: [], items: [] };
const doors: ReadonlySet<AccessKind> = new Set(['claim', 'member']);

/** Which sites must have done what before the next phase may begin. Pure; at the price of looking through who exists. */
export function concernOf({ owner, phase }: Pick<RunningRotation, 'owner' | 'phase'>, directory: Directory): Concern {
  switch (owner.kind) {
    case 'network':
      return ofNetwork(owner, phase, directory);
    case 'backbone':
      return ofBackbone(owner.backboneId, phase, directory);
    case 'installation':
      return NOBODY;
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
        sites: relaysOf(directory, backboneId, doors),
        items: [`admission/claim-${networkId}`, `admission/member-${networkId}`],
      };
    case 'listeners':
      return NOBODY; // access points are certified by their backbone
    case 'diallers':
      return {
        sites: keysOf(directory.members, (member) => member.networkId === networkId),
        items: ['certificate/site'],
      };
    default:
      return assertNever(phase);
  }
}

function ofBackbone(backboneId: string, phase: RunningRotation['phase'], directory: Directory): Concern {
  const relays = relaysOf(directory, backboneId);
  const management = [...directory.managementSites.keys()];
  switch (phase) {
    case 'trust':
    case 'retire': {
      const members = keysOf(directory.members, (member) => member.backboneId === backboneId);
      // A link that is down for another reason is no reason to wait: whoever has taken its item trusts by it.
      return { sites: [...relays, ...members, ...management], items: ['admission/'] };
    }
    case 'listeners':
      return { sites: relays, items: ['certificate/ap-'] };
    case 'diallers':
      return { sites: [...relays, ...management], items: ['certificate/site', `certificate/manage-${backboneId}`] };
    default:
      return assertNever(phase);
  }
}

/** The sites of a backbone that have joined; those with an access point of one of these kinds, if that matters. */
function relaysOf(directory: Directory, backboneId: string, kinds?: ReadonlySet<AccessKind>): string[] {
  const relays = keysOf(directory.backboneSites, (site) => site.backboneId === backboneId && site.enrolled);
  if (!kinds) return relays;
  const entrances = new Set(
    [...directory.accessPoints.values()].flatMap(({ siteId, kind }) => (kinds.has(kind) ? siteId : [])),
  );
  return relays.filter((siteId) => entrances.has(siteId));
}

const keysOf = <V>(register: ReadonlyMap<string, V>, holds: (value: V) => boolean): string[] =>
  [...register].filter(([, value]) => holds(value)).map(([key]) => key);
