import type { SiteFile } from '@caravan/api';
import { BOOTSTRAP_CERTIFICATE, CLAIM_CERTIFICATE, SITE_CERTIFICATE } from '@caravan/data-plane';
import { describeCertificate, Secret } from '@caravan/pki';
import { desiredFrom, understood } from '../desired-state/index.js';
import type { DesiredState } from '../desired-state/index.js';
import { SiteDirectoryError } from '../site-directory/index.js';
import type { SiteDirectory } from '../site-directory/index.js';
import { acquaintance, isEstranged, isSignedElsewhere } from './acquaintance.js';
import type { Held } from './held.js';
import type { Answers } from './answers.js';
import { certificateFor } from './joiner.js';
import { originOf, positionOf, roleOf, sourceIdOf } from './site-file-origin.js';
import type { Offer } from './site-file-origin.js';
import { after } from './joining.js';
import type { Joining, Site } from './joining.js';
import { termOf } from './term.js';

interface InDirectory {
  readonly directory: SiteDirectory;
}

/**
 * Takes a file into a site's directory: from here on the file is not needed. The journal comes after what its first step
 * stands on, and the role last of all, so that a kill in between is a directory that waits for its file.
 *
 * A file that was taken before is no error: whoever starts a site starts it the same way each time. One for another site is.
 *
 * `answers`: to what the invitation asks; those of before where there are none.
 *
 * @throws SiteDirectoryError `site-directory.other-site`
 */
export async function take(
  file: SiteFile,
  state: Held & InDirectory,
  { answers, now = new Date() }: { readonly answers?: Answers | undefined; readonly now?: Date } = {},
): Promise<void> {
  const joining = unlessOver(state.journal.joining, now);
  if (file.format !== 'caravan.management-site' && joining && (await isRecovery(file, joining, state, now))) {
    await forgetUnusable(file, state.certificates, now);
    await takeOffer(file, undefined, state, joining.status === 'joined' ? joining.site : joining.origin.recovers);
    return;
  }
  if (joining && !sourcesOf(joining).includes(sourceIdOf(file))) refuse(state, file);
  if (file.format === 'caravan.management-site') await takeManagement(file, state);
  else if (isToBeTaken(file, joining, state, now)) await takeOffer(file, joining, state, formerOf(joining), answers);
  await state.directory.become(roleOf(file));
}

/** An invitation or a bundle. Downloaded again it may have a newer certificate and other links; the key of the site stays. */
async function takeOffer(
  file: Offer,
  joining: Joining | undefined,
  { journal, certificates, desired }: Held,
  recovers?: Site,
  answers = joining !== undefined && 'origin' in joining ? joining.origin.answers : undefined,
): Promise<void> {
  if (joining?.status === 'admitted') return;
  const id = file.format === 'caravan.invitation' ? CLAIM_CERTIFICATE : BOOTSTRAP_CERTIFICATE;
  const { chain, key } = file.certificate;
  await certificates.put(id, { ordinal: 1, chain, key: new Secret(key) });
  await desired.keep(await desiredOf(file));
  const next = joining ? after(joining, { fact: 'TriedAgain' }) : ({ status: 'invited' } as const);
  await journal.write({
    ...next,
    origin: { ...originOf(file), ...(recovers && { recovers }), ...(answers && { answers }) },
  } as Joining);
}

/** An admission whose certificate was over before it was installed leads nowhere: another file may. */
const unlessOver = (joining: Joining | undefined, now: Date): Joining | undefined =>
  joining?.status === 'admitted' && termOf(joining.admission.chain[0] ?? '', now).status === 'over'
    ? after(joining, { fact: 'AdmissionOver' })
    : joining;

/**
 * Whether a site that nobody lets in any more comes back by this file: its own certificate is over and that of the file is not, by the same
 * clock, or whoever made the file goes by other authorities; and the file is an invitation of its network, or its bundle made again. One that
 * was taken for that before is no other one. Should the site be let in all the same, it is told so when it asks, and goes on as it was.
 */
async function isRecovery(file: Offer, joining: Joining, held: Held, now: Date): Promise<boolean> {
  if (joining.status === 'admitted') return false; // it is back already
  const site = joining.status === 'joined' ? joining.site : joining.origin.recovers;
  const chain = held.certificates.get(SITE_CERTIFICATE)?.held?.chain;
  if (!site || !chain || !isFor(file, site)) return false;
  if (termOf(file.certificate.chain[0] ?? '', now).status !== 'valid') return false;
  if (joining.status !== 'joined') return !isOutdated(file, joining, held.certificates, now);
  return isOver(chain, now) || isLeftBehind(chain, file, joining.site, held);
}

/** A file may be one with which a site is started for years: only what was made since the site heard last can tell what it has missed. */
async function isLeftBehind(chain: readonly string[], file: Offer, { control, asOf }: Site, { desired }: Held) {
  if (positionOf(file) <= Math.max(asOf, desired.state.revision)) return false;
  // Killed while it took this file, it may go by that already.
  if (desired.state.revision === 0) return true;
  const { items } = understood(await desiredOf(file));
  const ofFile = acquaintance(file.certificate.chain, items, { ...file.control, direct: null });
  return isEstranged(ofFile, acquaintance(chain, desired.understood.items, control));
}

async function desiredOf(file: Offer): Promise<DesiredState> {
  const { itemsOfFile } = await import('@caravan/api'); // only here: see `readSiteFile`
  return desiredFrom(itemsOfFile(file));
}

type NotJoined = Exclude<Joining, { status: 'joined' }>;

/** Of before the file that a site is on its way with: whoever starts the site with its first file takes nothing from that, while it may lead in. */
function isOutdated(
  file: Offer,
  { status, origin }: NotJoined,
  certificates: Held['certificates'],
  now: Date,
): boolean {
  const offer = certificates.get(certificateFor(origin))?.held;
  return status !== 'refused' && positionOf(file) < origin.asOf && offer !== undefined && !isOver(offer.chain, now);
}

const isOver = ([leaf = '']: readonly string[], now: Date): boolean => termOf(leaf, now).status === 'over';

const isFor = (file: Offer, { role, network, siteId }: Site): boolean =>
  file.format === 'caravan.invitation'
    ? role === 'member' && network?.id === file.invitation.networkId
    : role === 'backbone' && siteId === file.site.id;

/** What access points were proven by, and is over with the site's own, or as strange: until they have another, the bundle's serves. */
async function forgetUnusable(file: Offer, certificates: Held['certificates'], now: Date): Promise<void> {
  for (const [id, { chain }] of certificates.held()) {
    if (id === SITE_CERTIFICATE) continue;
    if (isOver(chain, now) || isSignedElsewhere(chain, file.certificate.chain)) await certificates.forget(id);
  }
}

const formerOf = (joining: Joining | undefined): Site | undefined =>
  joining === undefined || joining.status === 'joined' ? undefined : joining.origin.recovers;

/** What a site was started with stays good for a start, while it comes back by another. */
const isToBeTaken = (file: Offer, joining: Joining | undefined, { certificates }: Held, now: Date): boolean =>
  joining === undefined ||
  (joining.status !== 'joined' &&
    joining.origin.sourceId === sourceIdOf(file) &&
    !isOutdated(file, joining, certificates, now));

/** The NATS server beside it may have moved. A certificate that was rotated since the file was made is newer than the file's. */
async function takeManagement(
  file: Extract<SiteFile, { format: 'caravan.management-site' }>,
  { journal, certificates }: Held,
): Promise<void> {
  const { chain, key } = file.certificate;
  const held = certificates.get(SITE_CERTIFICATE)?.held;
  const expiry = (leaf = ''): string => describeCertificate(leaf).notAfter;
  if (!held || expiry(chain[0]) > expiry(held.chain[0])) {
    await certificates.put(SITE_CERTIFICATE, { ordinal: held?.ordinal ?? 1, chain, key: new Secret(key) });
  }
  const { serverName, trust, host, port } = file.control;
  const site: Site = {
    role: 'management',
    installation: file.installation,
    control: { serverName, trust, direct: { host, port } },
    sourceId: file.site.id,
    asOf: 0,
    siteId: file.site.id,
    name: file.site.name,
    network: null,
    backbone: null,
  };
  await journal.write({ status: 'joined', site });
}

function sourcesOf(joining: Joining): string[] {
  if (joining.status === 'joined') return sourcesOfSite(joining.site);
  const { sourceId, recovers } = joining.origin;
  return [sourceId, ...(recovers ? sourcesOfSite(recovers) : [])];
}

const sourcesOfSite = ({ sourceId, cameBackBy }: Site): string[] => [
  sourceId,
  ...(cameBackBy === undefined ? [] : [cameBackBy]),
];

function refuse({ directory }: InDirectory, file: SiteFile): never {
  const what =
    file.format === 'caravan.invitation' ? `the invitation ${file.invitation.name}` : `the site ${file.site.name}`;
  throw new SiteDirectoryError(
    'site-directory.other-site',
    `${directory.paths.root} belongs to another site, and the file is for ${what}. Give it a --dir of its own.`,
  );
}
