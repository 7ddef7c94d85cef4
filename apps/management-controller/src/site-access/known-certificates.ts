import { describeCertificate } from '@caravan/pki';
import type { CertificateFacts } from '@caravan/pki';

const MOST = 2_000;

/**
 * What certificates say, by their text. To read one costs as much as the rest of an answer to nats-server, and most are seen again:
 * an authority's with each site below it, a claim certificate with everybody who was invited by it, a site's when it comes back.
 */
export class KnownCertificates {
  readonly #facts = new Map<string, CertificateFacts>(); // the one looked at longest ago first

  constructor(private readonly most = MOST) {}

  /** @throws PkiError `certificate.malformed` */
  describe(pem: string): CertificateFacts {
    const facts = this.#facts.get(pem) ?? describeCertificate(pem);
    this.#facts.delete(pem);
    this.#facts.set(pem, facts);
    if (this.#facts.size > this.most) this.#facts.delete(this.#facts.keys().next().value!);
    return facts;
  }
}
