import { SERVICE_SERVER } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { canonicalHosts } from '@caravan/pki';
import type { Use } from './material.js';

export interface NeededCertificate {
  readonly name: string;
  readonly use: Exclude<Use, 'authority'>;
}

/** What TLS with applications asks for by name. A certificate may be fit for one use and not for the other. */
export interface Needs {
  readonly certificates: readonly NeededCertificate[];
  readonly trusts: ReadonlySet<string>;
  /** What clients may call the listeners that have the site's own certificate. */
  readonly hosts: readonly string[];
}

/** Under which a certificate is given to the data plane for one use. */
export const credentialId = (name: string, use: NeededCertificate['use']): string => `${use}.${name}`;

const EVERYWHERE = new Set(['0.0.0.0', '::']);

/** Pure. */
export function needsOf(items: readonly Item[]): Needs {
  const certificates = new Map<string, NeededCertificate>();
  const need = (name: string, use: NeededCertificate['use']) =>
    certificates.set(credentialId(name, use), { name, use });
  const trusts = new Set<string>();
  const hosts = new Set<string>(['localhost', '127.0.0.1', '::1']);
  for (const item of items) {
    if (item.kind === 'listener' && item.tls) {
      const { certificateId, clientTrustId } = item.tls;
      need(certificateId, 'server');
      if (clientTrustId !== undefined) trusts.add(clientTrustId);
      if (certificateId !== SERVICE_SERVER) continue;
      hosts.add(item.address);
      if (!EVERYWHERE.has(item.host)) hosts.add(item.host);
    } else if (item.kind === 'connector' && item.tls) {
      const { certificateId, trustId } = item.tls;
      if (certificateId !== undefined) need(certificateId, 'client');
      trusts.add(trustId);
    }
  }
  // What no certificate can name, nobody could check: clients call it otherwise, or trust the certificate for another host.
  return {
    certificates: [...certificates.values()],
    trusts,
    hosts: canonicalHosts([...hosts])
      .map(({ name }) => name)
      .sort(),
  };
}
