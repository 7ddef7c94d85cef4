import { BOOTSTRAP_CERTIFICATE, CLAIM_CERTIFICATE, SITE_CERTIFICATE } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { killPoint } from '@caravan/kill-points';
import { importPrivateKey, publicKeyFingerprint } from '@caravan/pki';
import { BoundPorts } from './access-points/index.js';
import { CertificateStore } from './certificates/index.js';
import type { ControlEnds } from './control/index.js';
import { bootstrapIsOver, configurationOf, DesiredStateStore } from './desired-state/index.js';
import type { Wanted } from './desired-state/index.js';
import type { Doors } from './doors/index.js';
import { certificateFor, controlTrust, Journal } from './joining/index.js';
import type { Control, Joining, Site } from './joining/index.js';
import type { SiteDirectory } from './site-directory/index.js';
import { NOTHING_SUPPLIED, OwnServer, ServiceAuthority } from './supplied/index.js';
import type { Supplied } from './supplied/index.js';

/** Everything that a site knows; each part is on disk before it says something new. */
export interface SiteState {
  readonly directory: SiteDirectory;
  readonly journal: Journal;
  readonly certificates: CertificateStore;
  readonly desired: DesiredStateStore;
  readonly boundPorts: BoundPorts;
  readonly serviceAuthority: ServiceAuthority;
  readonly ownServer: OwnServer;
}

export async function readSiteState(directory: SiteDirectory): Promise<SiteState> {
  const { sealed } = directory;
  const [journal, certificates, desired, boundPorts] = await Promise.all([
    Journal.open(sealed),
    CertificateStore.open(sealed),
    DesiredStateStore.open(sealed),
    BoundPorts.open(sealed),
  ]);
  const [serviceAuthority, ownServer] = [new ServiceAuthority(sealed), new OwnServer(sealed)];
  return { directory, journal, certificates, desired, boundPorts, serviceAuthority, ownServer };
}

const controlOf = (joining: Joining): Control =>
  joining.status === 'joined' ? joining.site.control : joining.origin.control;

/** As what applications know this site, once it has joined. */
export const siteOf = ({ journal: { joining } }: SiteState): Site | undefined =>
  joining?.status === 'joined' ? joining.site : undefined;

/** Where the management plane's NATS server is, for a site that stands beside it. */
export const directControl = ({ journal: { joining } }: SiteState): Control['direct'] =>
  joining ? controlOf(joining).direct : null;

/** As whom this site speaks with the management plane now. */
export function controlEnds({ journal: { joining }, certificates, desired }: SiteState): ControlEnds {
  if (!joining) throw new Error('this site has not taken its file yet');
  const id = joining.status === 'joined' ? SITE_CERTIFICATE : certificateFor(joining.origin);
  const held = certificates.get(id)?.held;
  if (!held) throw new Error(`this site has no certificate "${id}" to speak with`);
  const control = controlOf(joining);
  const trust = controlTrust(desired.understood.items, control);
  return { serverName: control.serverName, trust, chain: held.chain, key: held.key };
}

/** What the data plane shall be now; nothing before the site has a key to ask with. */
export function wantedConfiguration(
  state: SiteState,
  doors: Pick<Doors, 'hasHeard' | 'shut'>,
  supplied: Supplied | undefined,
): Wanted | undefined {
  const siteId = nameOfRelay(state);
  if (siteId === undefined) return undefined;
  const { items } = state.desired.understood;
  // A data plane that runs is not told that it has nothing to speak TLS with, because this process has just begun.
  if (!supplied && items.some(mayStandOnSupplied)) return undefined;
  const held = state.certificates.held();
  const { ports } = state.boundPorts;
  const configuration = configurationOf({
    siteId,
    items,
    held,
    ports,
    shut: doors.shut(items),
    supplied: supplied ?? NOTHING_SUPPLIED,
  });
  return { configuration, revision: state.desired.state.revision, isHeard: doors.hasHeard };
}

const mayStandOnSupplied = (item: Item): boolean =>
  'tls' in item || item.kind === 'access-point' || (item.kind === 'link' && item.suppliedFingerprint !== undefined);

/** A site that claims has no id yet, and many claim at one backbone site: its key tells it from others. */
function nameOfRelay({ journal: { joining }, certificates }: SiteState): string | undefined {
  if (!joining) return undefined;
  if (joining.status === 'joined') return joining.site.siteId;
  if (joining.origin.role === 'backbone') return joining.origin.sourceId;
  const own = certificates.get(SITE_CERTIFICATE);
  const key = own?.requested?.key ?? own?.held?.key;
  return key && `claimant-${publicKeyFingerprint(importPrivateKey(key)).slice(0, 32)}`;
}

/** Forgets what a site came with, once nothing stands on it: a claim certificate when it is a member, and has been told of other links. */
export async function forgetWhatIsOver({ journal, certificates, desired }: SiteState): Promise<void> {
  if (journal.joining?.status !== 'joined') return;
  const held = certificates.held();
  const { items } = desired.understood;
  const isDialledBy = (id: string) => items.some((item) => item.kind === 'link' && item.certificateId === id);
  if (held.has(CLAIM_CERTIFICATE) && !isDialledBy(CLAIM_CERTIFICATE)) {
    if (killPoint) await killPoint('certificate.forgetting', CLAIM_CERTIFICATE);
    await certificates.forget(CLAIM_CERTIFICATE);
  }
  // Revision 0 is what it was admitted with; what it has of access points is known from the first sync on.
  const over = () => desired.state.revision > 0 && bootstrapIsOver({ items, held });
  if (held.has(BOOTSTRAP_CERTIFICATE) && over()) await certificates.forget(BOOTSTRAP_CERTIFICATE);
}
