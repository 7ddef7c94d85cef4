import type { CertificateFacts } from './certificate.js';

/** The part of its life after which a certificate is renewed, spread by its key so that those made together are not renewed together. */
const RENEWED = { from: 0.6, to: 0.7 };
/** Nobody gets the next one sooner than this: clocks differ, and a holder that asks at each moment gets nothing. */
const RENEWABLE = 0.5;

type Dated = Pick<CertificateFacts, 'notBefore' | 'notAfter'>;

/**
 * When the holder of a certificate asks for the next one. Undefined: never, for its issuer ends no later, so that the next one would
 * not last longer; whoever rotates the issuer asks for it.
 */
export function renewalTime(
  leaf: Dated & Pick<CertificateFacts, 'publicKeyFingerprint'>,
  issuer: Pick<Dated, 'notAfter'>,
): Date | undefined {
  const spread = Number.parseInt(leaf.publicKeyFingerprint.slice(0, 8), 16) / 0xffff_ffff;
  return partOf(leaf, issuer, RENEWED.from + spread * (RENEWED.to - RENEWED.from));
}

/** From when on the next one is given. Undefined: never, as for `renewalTime`. */
export const renewableFrom = (leaf: Dated, issuer: Pick<Dated, 'notAfter'>): Date | undefined =>
  partOf(leaf, issuer, RENEWABLE);

function partOf({ notBefore, notAfter }: Dated, issuer: Pick<Dated, 'notAfter'>, part: number): Date | undefined {
  const [begins, ends] = [Date.parse(notBefore), Date.parse(notAfter)];
  return ends < Date.parse(issuer.notAfter) ? new Date(begins + part * (ends - begins)) : undefined;
}
