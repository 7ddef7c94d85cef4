import { BOOTSTRAP_CERTIFICATE, SITE_SERVER, suppliedForLink } from '@caravan/data-plane';
import type {
  AccessKind,
  AccessPointItem,
  Configuration,
  ConfiguredAccessPoint,
  ConfiguredLink,
  ConnectorItem,
  Item,
  ItemKind,
  LinkItem,
  ListenerItem,
} from '@caravan/data-plane';
import type { Ports } from '../access-points/index.js';
import { credentialId } from '../supplied/index.js';
import type { Supplied } from '../supplied/index.js';
import type { HeldCertificate } from '../certificates/certificate-record.js';

export interface ConfigurationInput {
  readonly siteId: string;
  readonly items: readonly Item[];
  readonly held: ReadonlyMap<string, HeldCertificate>;
  /** What access points that ask for any port had before. */
  readonly ports: Ports;
  /** Whom no door lets in for now. */
  readonly shut: ReadonlySet<AccessKind>;
  /** For TLS with applications, under the names that listeners and connectors give; and for access points. */
  readonly supplied: Supplied;
}

/** What the data plane is given: the items by kind, with the certificates that they name, so far as they are held. Pure. */
export function configurationOf(input: ConfigurationInput): Configuration {
  const { siteId, items, held, ports, shut, supplied } = input;
  const { applications, siteServer } = supplied;
  const accessPoints = ofKind(items, 'access-point')
    .map((accessPoint) => withSupplied(accessPoint, supplied))
    .map((accessPoint) => servable(accessPoint, held))
    .map((accessPoint) => ({ ...accessPoint, bindPort: accessPoint.bindPort || (ports.get(accessPoint.id) ?? 0) }));
  const links = ofKind(items, 'link').map((link) => shownOn(link, supplied));
  const named = new Set([...accessPoints, ...links].map(({ certificateId }) => certificateId));
  const certificates: Configuration['certificates'] = {};
  for (const id of [...named].sort()) {
    const certificate = held.get(id);
    if (certificate && !isStale(id, certificate, input)) certificates[id] = asGiven(certificate);
  }
  if (siteServer) certificates[SITE_SERVER_ID] = asGiven(siteServer.certificate);
  for (const { id, suppliedId } of links) {
    const shown = supplied.links.get(id);
    if (suppliedId !== undefined && shown) certificates[suppliedId] = asGiven(shown.certificate);
  }
  return {
    siteId,
    accessPoints,
    admissions: ofKind(items, 'admission').filter(({ access }) => !shut.has(access)),
    links,
    listeners: ofKind(items, 'listener').map(ending),
    connectors: ofKind(items, 'connector').map(beginning),
    certificates: { ...certificates, ...renamed(applications.certificates) },
    trusts: renamed(applications.trusts),
  };
}

/** What applications are shown has names of its own: a listener that asks for `site` is not given what proves the site to others. */
const nameOf = (name: string): string => `supplied.${name}`;
const renamed = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [nameOf(name), value]));

const SITE_SERVER_ID = nameOf(credentialId(SITE_SERVER, 'server'));
const asGiven = ({ chain, key }: Pick<HeldCertificate, 'chain' | 'key'>) => ({
  chain: chain.join('\n'),
  key: key.reveal(),
});

/** Only what is known at the other end: nobody would be let in by anything else. */
const shownOn = (link: LinkItem, { links }: Supplied): ConfiguredLink => {
  const shown = links.get(link.id)?.fingerprint;
  if (shown === undefined || shown !== link.suppliedFingerprint) return link;
  return { ...link, suppliedId: nameOf(credentialId(suppliedForLink(link.id), 'client')) };
};

function withSupplied(accessPoint: AccessPointItem, { siteServer }: Supplied): ConfiguredAccessPoint {
  return siteServer?.inPlaceOf.has(accessPoint.certificateId)
    ? { ...accessPoint, suppliedId: SITE_SERVER_ID }
    : accessPoint;
}

/**
 * Whether what was issued to an access point is to be shown to nobody: nobody renews it while another is supplied, and whoever does not know of
 * that one may not trust this one any more.
 */
function isStale(id: string, { ordinal }: HeldCertificate, { items, supplied }: ConfigurationInput): boolean {
  if (!supplied.siteServer?.inPlaceOf.has(id)) return false;
  return items.some((item) => item.kind === 'certificate' && item.id === id && item.ordinal > ordinal);
}

const ending = ({ tls, ...listener }: ListenerItem): ListenerItem => {
  if (!tls) return listener;
  const { certificateId, clientTrustId: trust } = tls;
  const clients = trust !== undefined && { clientTrustId: nameOf(trust) };
  return { ...listener, tls: { certificateId: nameOf(credentialId(certificateId, 'server')), ...clients } };
};

const beginning = ({ tls, ...connector }: ConnectorItem): ConnectorItem => {
  if (!tls) return connector;
  const { serverName, trustId, certificateId: shown } = tls;
  const own = shown !== undefined && { certificateId: nameOf(credentialId(shown, 'client')) };
  return { ...connector, tls: { serverName, trustId: nameOf(trustId), ...own } };
};

/**
 * The management plane reaches a first backbone site through its `manage` access point alone, and that access point's
 * certificate comes over this very way. Until it is here the bootstrap certificate serves in its place: it is of the same
 * site and names the same hosts.
 */
function servable(
  accessPoint: ConfiguredAccessPoint,
  held: ReadonlyMap<string, HeldCertificate>,
): ConfiguredAccessPoint {
  const stopgap = needsStopgap(accessPoint, held) && held.has(BOOTSTRAP_CERTIFICATE);
  return stopgap ? { ...accessPoint, certificateId: BOOTSTRAP_CERTIFICATE } : accessPoint;
}

const needsStopgap = ({ access, certificateId }: AccessPointItem, held: ReadonlyMap<string, unknown>): boolean =>
  access === 'manage' && !held.has(certificateId);

/** Whether the bootstrap certificate can be forgotten: no access point stands on it any more. Pure. */
export const bootstrapIsOver = ({ items, held }: Pick<ConfigurationInput, 'items' | 'held'>): boolean =>
  ofKind(items, 'access-point').every(
    (item) => item.certificateId !== BOOTSTRAP_CERTIFICATE && !needsStopgap(item, held),
  ) && ofKind(items, 'link').every(({ certificateId }) => certificateId !== BOOTSTRAP_CERTIFICATE);

/** In the order of their ids: the same state is the same configuration, byte for byte. */
const ofKind = <Kind extends ItemKind>(items: readonly Item[], kind: Kind): Extract<Item, { kind: Kind }>[] =>
  items
    .filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
