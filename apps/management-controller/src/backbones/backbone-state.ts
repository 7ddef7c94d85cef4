import type { BackboneEvent } from '@caravan/events';
import { assertNever } from '@caravan/event-store';

type AccessKind = 'claim' | 'member' | 'peer' | 'manage';

export interface AccessPointState {
  readonly siteId: string;
  readonly name: string;
  readonly kind: AccessKind;
  readonly bindHost: string;
  readonly bindPort: number;
  readonly host: string | null;
  readonly port: number | null;
  /** Who said last where it is reached. What an operator set is not overruled by the site's report. */
  readonly addressedBy: 'site' | 'operator' | null;
}
export interface LinkState {
  readonly siteId: string;
  readonly accessPointId: string;
  readonly acceptingSiteId: string;
  readonly cost: number;
}

/** What must be decided together about one backbone. The maps belong to the state and are changed in place by `evolve`. */
export interface ActiveBackbone {
  readonly status: 'active';
  readonly backboneId: string;
  name: string;
  /** How often: each is another reservation of a global name. */
  renamings: number;
  readonly sites: Map<string, { readonly name: string }>;
  readonly accessPoints: Map<string, AccessPointState>;
  readonly links: Map<string, LinkState>;
  readonly networks: Map<string, { readonly name: string }>;
}
export type BackboneState = { readonly status: 'unknown' } | ActiveBackbone | { readonly status: 'deleted' };

export const initialBackbone = (): BackboneState => ({ status: 'unknown' });

export function evolveBackbone(state: BackboneState, event: BackboneEvent): BackboneState {
  if (event.type === 'BackboneCreated') {
    const { backboneId, name } = event.data;
    return {
      status: 'active',
      backboneId,
      name,
      renamings: 0,
      sites: new Map(),
      accessPoints: new Map(),
      links: new Map(),
      networks: new Map(),
    };
  }
  if (state.status !== 'active') return state;
  switch (event.type) {
    case 'BackboneRenamed':
      state.name = event.data.name;
      state.renamings++;
      return state;
    case 'BackboneDeleted':
      return { status: 'deleted' };
    case 'BackboneSiteAdded':
    case 'BackboneSiteRenamed':
      state.sites.set(event.data.siteId, { name: event.data.name });
      return state;
    case 'BackboneSiteRemoved':
      state.sites.delete(event.data.siteId);
      return state;
    case 'AccessPointAdded': {
      const { accessPointId, backboneId: _, ...accessPoint } = event.data;
      const addressedBy = accessPoint.host === null ? null : 'operator';
      state.accessPoints.set(accessPointId, { ...accessPoint, addressedBy });
      return state;
    }
    case 'AccessPointAddressed': {
      const { accessPointId, host, port, source } = event.data;
      const accessPoint = state.accessPoints.get(accessPointId);
      if (accessPoint) state.accessPoints.set(accessPointId, { ...accessPoint, host, port, addressedBy: source });
      return state;
    }
    case 'AccessPointRemoved':
      state.accessPoints.delete(event.data.accessPointId);
      return state;
    case 'LinkAdded': {
      const { linkId, backboneId: _, ...link } = event.data;
      state.links.set(linkId, link);
      return state;
    }
    case 'LinkCostChanged': {
      const link = state.links.get(event.data.linkId);
      if (link) state.links.set(event.data.linkId, { ...link, cost: event.data.cost });
      return state;
    }
    case 'LinkRemoved':
      state.links.delete(event.data.linkId);
      return state;
    case 'NetworkPlaced':
      state.networks.set(event.data.networkId, { name: event.data.name });
      return state;
    case 'NetworkWithdrawn':
      state.networks.delete(event.data.networkId);
      return state;
    default:
      return assertNever(event);
  }
}
