import { keyOf, SERVICE_CLIENT, SERVICE_SERVER } from '@caravan/data-plane';
import type { ConnectorItem, Item, LinkItem, ListenerItem, Observation } from '@caravan/data-plane';
import type { LocalState, SiteCertificate, SiteEndpoint, SiteItem, SiteLink } from '@caravan/api';
import { describeCertificate } from '@caravan/pki';
import type { CertificateRecord } from '../certificates/index.js';
import type { DesiredState } from '../desired-state/index.js';
import type { Joining } from '../joining/index.js';
import type { TroubleNow } from '../troubles.js';

/** How this site is, as its participant sees it. Each a function of what the site knows; nothing of another site is in it. */
export interface StateInput {
  readonly version: string;
  readonly joining: Joining;
  readonly connected: boolean;
  readonly relayConnected: boolean;
  readonly revision: number;
  readonly appliedRevision: number;
  readonly troubles: readonly TroubleNow[];
}

/** Nobody lets this site in before then, so that the way there is shut: that is the whole reason. */
const WAITS = new Set(['network.not-started', 'certificate.not-yet-valid']);

/** One of each code: everything that asks the management plane has the same trouble while that is away. Pure. */
export function troublesToTell(troubles: readonly TroubleNow[]): TroubleNow[] {
  const waits = troubles.some(({ code }) => WAITS.has(code));
  return troubles
    .filter(({ code }, index) => troubles.findIndex((other) => other.code === code) === index)
    .filter(({ code }) => !(waits && code === 'management.away'));
}

export function stateOf({ joining, troubles, ...rest }: StateInput): LocalState {
  const joined = joining.status === 'joined' ? joining.site : undefined;
  const { role, installation, sourceId, network, backbone } =
    joining.status === 'joined' ? joining.site : joining.origin;
  const admitted = joining.status === 'admitted' ? joining.admission : undefined;
  const pending = joining.status === 'pending' ? joining.siteId : undefined;
  // Whoever reads the last trouble of a refused site reads why.
  const refused = joining.status === 'refused' ? [{ ...joining.refusal, since: joining.at }] : [];
  return {
    ...rest,
    role,
    step: joining.status,
    installation,
    sourceId,
    siteId: joined?.siteId ?? admitted?.siteId ?? pending ?? null,
    name: joined?.name ?? admitted?.name ?? null,
    network,
    backbone,
    troubles: [...troubles, ...refused],
  };
}

export function itemsOf({ entries }: DesiredState, { items: observed }: Pick<Observation, 'items'>): SiteItem[] {
  return [...entries].map(([key, { revision, item }]) => {
    const { state = 'unknown', detail = null, port = null } = observed[key] ?? {};
    return { key, kind: key.split('/')[0] ?? '', revision, state, detail, port, desired: item };
  });
}

export function linksOf(items: readonly Item[], { links }: Pick<Observation, 'links'>): SiteLink[] {
  const dialled = new Map(
    items.filter((item): item is LinkItem => item.kind === 'link').map((link) => [link.id, link]),
  );
  return links.map((link) => {
    const to = link.direction === 'dialled' ? dialled.get(link.id) : undefined;
    return { ...link, host: to?.host ?? null, port: to?.port ?? null };
  });
}

export const endpointsOf = (
  kind: 'listener' | 'connector',
  items: readonly Item[],
  { items: observed }: Pick<Observation, 'items'>,
): SiteEndpoint[] =>
  items
    .filter((item): item is ListenerItem | ConnectorItem => item.kind === kind)
    .map((item) => {
      const { id, address, host, port } = item;
      const { state = 'unknown', detail = null } = observed[keyOf(item)] ?? {};
      return { id, address, host, port, tls: tlsOf(item), state, detail };
    });

/** As it was asked for: what the site makes itself has no name there. */
function tlsOf(item: ListenerItem | ConnectorItem): SiteEndpoint['tls'] {
  if (!item.tls) return null;
  const unless = (own: string, name: string | undefined): string | null => (name === own ? null : (name ?? null));
  if (item.kind === 'listener') {
    const { certificateId, clientTrustId } = item.tls;
    return { certificate: unless(SERVICE_SERVER, certificateId), clients: clientTrustId ?? null };
  }
  const { serverName, trustId, certificateId } = item.tls;
  const own = unless.bind(undefined, SERVICE_CLIENT);
  return {
    serverName: serverName === item.host ? null : serverName,
    trust: own(trustId),
    certificate: own(certificateId),
  };
}

export function certificateOf({ id, held, requested }: CertificateRecord): SiteCertificate {
  const facts = held && describeCertificate(held.chain[0] ?? '');
  return {
    id,
    state: held ? (requested ? 'rotating' : 'held') : 'requested',
    ordinal: held?.ordinal ?? null,
    requestedOrdinal: requested?.ordinal ?? null,
    subject: facts?.subject ?? null,
    issuer: facts?.issuer ?? null,
    serial: facts?.serial ?? null,
    identity: facts?.uris[0] ?? null,
    hosts: [...(facts?.hosts ?? [])],
    notBefore: facts?.notBefore ?? null,
    notAfter: facts?.notAfter ?? null,
    fingerprint: facts?.fingerprint ?? null,
  };
}
