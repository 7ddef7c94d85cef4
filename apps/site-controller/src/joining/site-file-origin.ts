import type { SiteFile } from '@caravan/api';
import type { Origin, Site } from './joining.js';

/** An invitation or a bundle: what leads in. */
export type Offer = Exclude<SiteFile, { format: 'caravan.management-site' }>;

export const positionOf = ({ position = 0 }: Offer): number => position;

export function originOf(file: Offer): Origin {
  const { installation, control } = file;
  const common = {
    installation,
    control: { ...control, direct: null },
    sourceId: sourceIdOf(file),
    asOf: positionOf(file),
  };
  if (file.format === 'caravan.invitation') {
    const { networkId, networkName } = file.invitation;
    return { ...common, role: 'member', network: { id: networkId, name: networkName }, backbone: null };
  }
  const { backboneId, backboneName } = file.site;
  return { ...common, role: 'backbone', network: null, backbone: { id: backboneId, name: backboneName } };
}

export const sourceIdOf = (file: SiteFile): string =>
  file.format === 'caravan.invitation' ? file.invitation.id : file.site.id;

export const roleOf = (file: SiteFile): Site['role'] =>
  file.format === 'caravan.invitation' ? 'member' : file.format === 'caravan.bundle' ? 'backbone' : 'management';
