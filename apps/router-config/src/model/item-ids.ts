import type { ItemKey, ItemKind } from '@caravan/data-plane';
import type { Door } from '@caravan/data-plane';

/** The ids of items. Folding names the items that an event concerns, compiling makes them: both by these. */
export const accessPointCertificateId = (accessPointId: string) => `ap-${accessPointId}`;
export const admissionId = (door: Door, ownerId: string) => `${door}-${ownerId}`;
export const claimLinkId = (accessPointId: string) => `claim-${accessPointId}`;
export const memberLinkId = (accessPointId: string) => `member-${accessPointId}`;
export const manageLinkId = (accessPointId: string) => `manage-${accessPointId}`;
export const manageCertificateId = (backboneId: string) => `manage-${backboneId}`;
export const CONTROL_CONNECTOR = 'control';
/** There is one at a site: what it knows the management plane by. */
export const CONTROL = 'control';
export const itemKey = (kind: ItemKind, id: string): ItemKey => `${kind}/${id}`;
