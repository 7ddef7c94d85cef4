import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ApiError, itemsOfFile, listSiteCertificates, listSiteItems } from '@caravan/api';
import type { JoinStep, LocalState, SiteFile } from '@caravan/api';
import { usageError } from '../failures/cli-error.js';
import type { LocalSite } from './local-site.js';
import { isFor } from './site-file.js';

/** Throws `site.other` where the site that runs in a directory came with the file of another. One that is stopped refuses it itself. */
export const refuseOther = (state: LocalState, content: SiteFile, dir: string): void => {
  if (isFor(content, state)) return;
  const { network, backbone, installation } = state;
  const whose = network ? `network ${network.name}` : backbone ? `backbone ${backbone.name}` : installation;
  const what = `${state.role} site ${state.name ?? '(no name yet)'} of ${whose}`;
  throw usageError('site.other', `Another site runs in ${dir}: ${what}, which did not come with this file.`, [
    'caravan join <file> --dir <another directory>',
    `caravan site status --dir ${dir}`,
  ]);
};

/** A site reads its file when it is started, and needs it until it was admitted. */
const NEEDS_FILE = new Set<JoinStep>(['invited', 'key-made', 'pending', 'refused']);
/** As which of its certificates it took that of the file. */
const FROM_FILE = new Set(['claim', 'bootstrap']);

/** Throws `site.other-file` where the running site has not joined and was started with an older file, or a newer one: it would not read this. */
export const refuseOtherFile = async (site: LocalSite, { step }: LocalState, content: SiteFile): Promise<void> => {
  if (!NEEDS_FILE.has(step) || (await cameWith(content, site))) return;
  const { dir } = site;
  throw usageError(
    'site.other-file',
    `The site in ${dir} runs already and has not joined yet; it was started with another file than this one, which it does not read.`,
    [`caravan site stop --dir ${dir}, and then the same join again`, `caravan site status --dir ${dir}`],
  );
};

/** Whether a site that has not joined has the certificate and the items of a file; a site that does not say is believed to. */
const cameWith = async (content: SiteFile, { quick }: LocalSite): Promise<boolean> => {
  try {
    const [certificates, items] = await Promise.all([
      quick.call(listSiteCertificates, {}),
      quick.call(listSiteItems, {}),
    ]);
    const taken = certificates.items.find(({ id }) => FROM_FILE.has(id))?.fingerprint;
    if (!taken) return true;
    const desired = items.items.map((item) => item.desired);
    return (
      taken === fingerprintOf(content.certificate.chain[0] ?? '') && isDeepStrictEqual(desired, itemsOfFile(content))
    );
  } catch (error) {
    if (error instanceof ApiError) return true;
    throw error;
  }
};

/** As sites tell it: SHA-256 of the DER, in hexadecimal. */
const fingerprintOf = (pem: string): string => {
  const body = pem.replace(/-----[A-Z ]+-----/g, '');
  return createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex');
};
