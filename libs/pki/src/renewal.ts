import type { CertificateFacts } from './certificate.js';

/** The part of its life after which a certificate is renewed, spread so that those made together are not renewed together. */
const RENEWED = { from: 0.6, to: 0.7 };
/** Nobody gets the next one sooner than this: clocks differ, and a holder that asks at each moment gets nothing. */
const RENEWABLE = 0.5;

type Dated = Pick<CertificateFacts, 'notBefore' | 'notAfter'>;
/** What stands above; absent: nothing does. */
interface Above {
  readonly notAfter: string | undefined;
}

/**
 * When the holder of a certificate asks for the next one. Undefined: never, for what is above ends no later, so that the next one
 * would not last longer; whoever rotates that asks for it.
 *
 * @param spreadBy at least 8 hex digits that are as good as random: a fingerprint of its key
 */
export function renewalTime(own: Dated, above: Above, spreadBy: string): Date | undefined {
  const spread = Number.parseInt(spreadBy.slice(0, 8), 16) / 0xffff_ffff;
  return partOf(own, above, RENEWED.from + spread * (RENEWED.to - RENEWED.from));
}

/** From when on the next one is given. Undefined: never, as for `renewalTime`. */
export const renewableFrom = (own: Dated, above: Above): Date | undefined => partOf(own, above, RENEWABLE);

function partOf({ notBefore, notAfter }: Dated, above: Above, part: number): Date | undefined {
  const [begins, ends] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (above.notAfter !== undefined && Date.parse(above.notAfter) <= ends) return undefined;
  return new Date(begins + part * (ends - begins));
}
