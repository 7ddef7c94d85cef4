import { describeCertificate } from '@caravan/pki';
import type { Origin, Refusal, Site } from './joining.js';

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

/** Whoever runs the network has still to approve of it. It waits; there is nothing to be done here. */
export class AwaitsApproval extends Error {
  override readonly name = 'AwaitsApproval';
  readonly code = 'claim.awaits-approval';

  constructor({ network }: Origin) {
    super(
      `Whoever runs the network ${network?.name ?? ''} has to approve of this site. It waits, and joins by itself then.`,
    );
  }
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

/** Nobody lets a site in any more that had joined: the certificates that it has are over, by the clock of this machine. */
export class Over extends Error {
  override readonly name = 'Over';

  constructor(
    readonly code: 'network.ended' | 'certificate.expired',
    /** ISO-8601 UTC. */
    readonly at: string,
    message: string,
  ) {
    super(message);
  }
}

const CLOCK = 'That is by its certificate and the clock of this machine; should the clock be wrong, set it.';

/**
 * What a site knows of its end by itself. Its certificate is never valid beyond the end of its network, nor are the authorities of
 * the network: when the one that signed it is over too, it is the network that has ended. `chain` in PEM, the leaf first. Pure.
 *
 * @throws PkiError when the chain cannot be read
 */
export function overOf({ role, network }: Site, chain: readonly string[], now: Date): Over | undefined {
  const term = termOf(chain[0] ?? '', now);
  if (term.status !== 'over') return undefined;
  const authority = role === 'member' && chain[1] !== undefined ? termOf(chain[1], now) : undefined;
  if (authority?.status === 'over') {
    const words = `The network ${network?.name ?? ''} ended at ${authority.until}: this site carries nothing any more and can be stopped.`;
    const unless =
      'Should the network go on without it, an invitation lets it join again in this folder, as who it was.';
    return new Over('network.ended', authority.until, `${words} ${CLOCK} ${unless}`);
  }
  const words = `The certificate of this site was valid until ${term.until}: nobody lets it in with it any more.`;
  const anew =
    role === 'member'
      ? 'whoever invited it for an invitation, stop this site, and join with that in this folder: it stays who it is'
      : 'whoever runs the backbone for another bundle, stop this site, and join with that in this folder: it stays who it is';
  return new Over('certificate.expired', term.until, `${words} ${CLOCK} Otherwise ask ${anew}.`);
}
