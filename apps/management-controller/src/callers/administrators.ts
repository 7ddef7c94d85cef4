import { Rejection } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import { describeCertificate, identityIn, PkiError, verifyChain } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import type { Clock } from '@caravan/platform';

export interface AdministratorsOptions {
  readonly installation: string;
  /** The management authorities that are trusted now, PEM: nobody below and nobody above them. */
  readonly trust: () => readonly string[];
  /** By serial, lower-case hex. @throws Rejection where it is not known up to now: then nobody is let in */
  readonly isRevoked: (serial: string) => boolean;
  readonly clock: Clock;
}

/** Who asks with a certificate. It is judged at each request, so that what ends or is revoked ends on a live connection too. */
export class Administrators {
  constructor(private readonly options: AdministratorsOptions) {}

  /**
   * @param certificate what the handshake proved to be the other end's own, PEM
   * @throws Rejection `request.unauthenticated`, saying what is wrong with it; `reason` is a code of ours
   */
  actorOf(certificate: string): Actor {
    const { trust, clock, isRevoked } = this.options;
    // Their authority signs leaves only, so that nothing stands between.
    const verified = verifyChain(certificate, [], trust(), clock.now(), 'client');
    if (!verified.ok) throw refused(verified.code, `${verified.code} at ${verified.detail}`);
    const facts = describeCertificate(certificate);
    if (facts.isCa) throw refused('certificate.not-a-client', 'it is an authority');
    const identity = this.#identityOf(facts);
    if (identity.kind !== 'administrator')
      throw refused('identity.not-admitted', `it is of a ${identity.kind}, and no administrator’s`);
    if (isRevoked(facts.serial)) throw refused('certificate.revoked', 'it was revoked');
    return { kind: 'administrator', id: identity.name };
  }

  #identityOf(facts: Parameters<typeof identityIn>[0]): Identity {
    try {
      return identityIn(facts, this.options.installation);
    } catch (error) {
      if (error instanceof PkiError) throw refused(error.code, `${error.code}: ${error.message}`);
      throw error;
    }
  }
}

const refused = (reason: string, why: string): Rejection =>
  new Rejection('request.unauthenticated', {
    reason,
    detail: `The certificate that you show is not taken: ${why}. Show that of an administrator of this installation, or none and a token.`,
  });
