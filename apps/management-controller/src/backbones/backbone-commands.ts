import type { BackboneCreated, EventOf } from '@caravan/events';
import type { Command } from '@caravan/event-store';

export type BackboneIssuers = EventOf<typeof BackboneCreated>['data']['issuers'];

interface OfBackbone {
  readonly backboneId: string;
}
interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `issuers`: who signs its authorities, where that is not as the installation has it. */
export type CreateBackbone = Command<'CreateBackbone'> &
  OfBackbone & { readonly name: string; readonly issuers?: BackboneIssuers };
/** `renamings`: how often it had been renamed when the new name was reserved. */
export type RenameBackbone = Command<'RenameBackbone'> &
  OfBackbone & { readonly name: string; readonly renamings?: number };
export type DeleteBackbone = Command<'DeleteBackbone'> & OfBackbone;
export type AddSite = Command<'AddSite'> & OfBackbone & { readonly siteId: string; readonly name: string };
export type RenameSite = Command<'RenameSite'> & OfBackbone & { readonly siteId: string; readonly name: string };
export type RemoveSite = Command<'RemoveSite'> & OfBackbone & { readonly siteId: string };
/** With its access points and every link of it: as much as one commit holds; again until it is gone. */
export type ExpelSite = Command<'ExpelSite'> & OfBackbone & { readonly siteId: string };
export type AddAccessPoint = Command<'AddAccessPoint'> &
  OfBackbone & {
    readonly siteId: string;
    readonly accessPointId: string;
    readonly name: string;
    readonly kind: 'claim' | 'member' | 'peer' | 'manage';
    readonly bindHost: string;
    readonly bindPort: number;
    readonly host: string | null;
    readonly port: number | null;
  };
/** Where an access point is reached: set by hand, or reported by the site that has it. */
export type AddressAccessPoint = Command<'AddressAccessPoint'> &
  OfBackbone &
  Endpoint & { readonly accessPointId: string; readonly reportedBy?: string };
export type RemoveAccessPoint = Command<'RemoveAccessPoint'> & OfBackbone & { readonly accessPointId: string };
export type AddLink = Command<'AddLink'> &
  OfBackbone & {
    readonly linkId: string;
    readonly siteId: string;
    readonly accessPointId: string;
    readonly cost: number;
  };
export type ChangeLinkCost = Command<'ChangeLinkCost'> &
  OfBackbone & { readonly linkId: string; readonly cost: number };
export type RemoveLink = Command<'RemoveLink'> & OfBackbone & { readonly linkId: string };
export type PlaceNetwork = Command<'PlaceNetwork'> &
  OfBackbone & {
    readonly networkId: string;
    readonly name: string;
    readonly startsAt: string;
    readonly endsAt: string | null;
    readonly deleteAfterSeconds: number;
  };
export type WithdrawNetwork = Command<'WithdrawNetwork'> & OfBackbone & { readonly networkId: string };

export type BackboneCommand =
  | CreateBackbone
  | RenameBackbone
  | DeleteBackbone
  | AddSite
  | RenameSite
  | RemoveSite
  | ExpelSite
  | AddAccessPoint
  | AddressAccessPoint
  | RemoveAccessPoint
  | AddLink
  | ChangeLinkCost
  | RemoveLink
  | PlaceNetwork
  | WithdrawNetwork;
