import { SERVICE_SERVER } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { canonicalHosts } from '@caravan/pki';
import type { Use } from './material.js';

/** What TLS with applications asks for by name. */
export interface Needs {
  readonly certificates: ReadonlyMap<string, Use>;
  readonly trusts: ReadonlySet<string>;
  /** What clients may call the listeners that have the site's own certificate. */
  readonly hosts: readonly string[];
}

const EVERYWHERE = new Set(['0.0.0.0', '::']);

/** Pure. */
export function needsOf(items: readonly Item[]): Needs {
  const certificates = new Map<string, Use>();
  const trusts = new Set<string>();
  const hosts = new Set<string>(['localhost', '127.0.0.1', '::1']);
  for (const item of items) {
    if (item.kind === 'listener' && item.tls) {
      const { certificateId, clientTrustId } = item.tls;
      certificates.set(certificateId, 'server');
      if (clientTrustId !== undefined) trusts.add(clientTrustId);
      if (certificateId !== SERVICE_SERVER) continue;
      hosts.add(item.address);
      if (!EVERYWHERE.has(item.host)) hosts.add(item.host);
    } else if (item.kind === 'connector' && item.tls) {
      const { certificateId, trustId } = item.tls;
      if (certificateId !== undefined) certificates.set(certificateId, 'client');
      trusts.add(trustId);
    }
  }
  // What no certificate can name, nobody could check: clients call it otherwise, or trust the certificate for another host.
  return {
    certificates,
    trusts,
    hosts: canonicalHosts([...hosts])
      .map(({ name }) => name)
      .sort(),
  };
}
