import { describeCertificate } from '@caravan/pki';
import type { Origin, Refusal } from './joining.js';

/**
 * When a site may come with the certificate of its file, by the clock of this machine. An invitation's is valid from the start
 * of its network on and never beyond its end, so that this is known here while nobody lets the site in to ask.
 */
export type Term =
  | { readonly status: 'not-yet'; readonly from: string }
  | { readonly status: 'valid' }
  | { readonly status: 'over'; readonly until: string };

/** `leaf` in PEM. Pure. @throws PkiError when it cannot be read */
export function termOf(leaf: string, now: Date): Term {
  const { notBefore, notAfter } = describeCertificate(leaf);
  if (now.getTime() < Date.parse(notBefore)) return { status: 'not-yet', from: notBefore };
  if (now.getTime() >= Date.parse(notAfter)) return { status: 'over', until: notAfter };
  return { status: 'valid' };
}

/** Nobody lets this site in before then. It waits; there is nothing to be done. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
  readonly code: 'network.not-started' | 'certificate.not-yet-valid';

  constructor({ network }: Origin, from: string) {
    super(
      network
        ? `The network ${network.name} starts at ${from}, and lets nobody in before. This site waits, and joins by itself then.`
        : `The certificate of this bundle is valid from ${from} on: is the clock of this machine right?`,
    );
    this.code = network ? 'network.not-started' : 'certificate.not-yet-valid';
  }
}

/** Nobody will let this site in again with what it came with. */
export const overSince = ({ network }: Origin, until: string): Refusal => ({
  code: 'certificate.expired',
  detail: network
    ? `The invitation to the network ${network.name} could be used until ${until}: the network has ended, or the file is too old. ` +
      'While the network goes on, the invitation can be downloaded again'
    : `The bundle could be used until ${until}. Make another one for this backbone site`,
});
