import type { DirectoryEvent } from './directory-events.js';
import type { BackboneSiteEntry } from './entries.js';
import type { Register } from './register.js';

type Sites = Register<BackboneSiteEntry>;

/** What becomes of the backbone sites that there are. */
export function applyToBackboneSites(sites: Sites, { type, data }: DirectoryEvent): void {
  switch (type) {
    case 'BackboneSiteAdded':
      sites.set(data.siteId, { backboneId: data.backboneId, enrolled: false, proof: null, linkCertificates: [] });
      return;
    case 'BackboneSiteEnrolled':
      return change(sites, data.siteId, { enrolled: true });
    case 'BackboneSiteProofSupplied': {
      const { siteId, backboneId: _, ...proof } = data;
      return change(sites, siteId, { proof });
    }
    case 'BackboneSiteProofWithdrawn':
      return change(sites, data.siteId, { proof: null });
    case 'BackboneSiteLinkCertificatesSupplied':
      return change(sites, data.siteId, { linkCertificates: data.linkCertificates });
    case 'BackboneSiteRemoved':
      sites.delete(data.siteId);
      return;
    default:
      return; // of others
  }
}

function change(sites: Sites, siteId: string, to: Partial<BackboneSiteEntry>): void {
  const site = sites.peek(siteId);
  if (site) sites.set(siteId, { ...site, ...to });
}
