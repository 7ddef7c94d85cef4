import { SITE_AUTHORITY, SITE_SERVER } from '@caravan/data-plane';
import { PkiError } from '@caravan/pki';
import { fitOf, isRoot } from './material.js';
import type { Material } from './material.js';
import { signerOf } from './minting.js';
import type { OwnServer } from './own-server.js';
import { siteServerOf } from './site-server.js';
import type { Ends, SiteServer } from './site-server.js';

export interface AccessPointGround {
  readonly supplied: ReadonlyMap<string, Material>;
  readonly ends: Ends;
  readonly site: { readonly name: string; readonly installation: string };
  readonly own: Pick<OwnServer, 'certificate'>;
  readonly now: Date;
}

export interface AccessPointSupplies {
  readonly server: SiteServer | undefined;
  /** By what was supplied: why it is not of use. */
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * What proves the access points of a site in the place of what is issued to them: `site-server`, as it is supplied; else one that
 * `site-ca` signs here. The authority is looked at only where it is needed (seed 004).
 */
export async function accessPointSupplies(ground: AccessPointGround): Promise<AccessPointSupplies> {
  const { supplied, ends, now } = ground;
  if (ends.size === 0) return { server: undefined, problems: new Map() };
  const given = supplied.get(SITE_SERVER);
  if (given) return judged(SITE_SERVER, siteServerOf(given, ends, now));
  const authority = supplied.get(SITE_AUTHORITY);
  if (!authority) return { server: undefined, problems: new Map() };
  return judged(SITE_AUTHORITY, await signed(authority, ground));
}

async function signed(
  authority: Material,
  { ends, site, own, now }: AccessPointGround,
): Promise<ReturnType<typeof siteServerOf>> {
  const { certificate, trust, problems } = fitOf(authority, 'authority', now);
  if (problems.length > 0) return { problems };
  if (!certificate) return { problems: ['it has no tls.crt and tls.key to sign with'] };
  const hosts = [...new Set([...ends.values()].flat())].sort();
  const commonName = `access points of ${site.name}`;
  try {
    const { installation } = site;
    const { chain, key } = await own.certificate(signerOf(certificate), { commonName, hosts, installation, now });
    const roots = trust ?? certificate.chain.filter(isRoot);
    const material = { certificate: chain.join('\n'), key, ...(roots.length > 0 && { trust: roots.join('\n') }) };
    return siteServerOf(material, ends, now);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { problems: [`it cannot sign for ${hosts.join(', ')}: ${error.message}`] };
  }
}

const judged = (name: string, { server, problems }: ReturnType<typeof siteServerOf>): AccessPointSupplies => ({
  server,
  problems: new Map(problems.length > 0 ? [[name, problems.join('; ')]] : []),
});
