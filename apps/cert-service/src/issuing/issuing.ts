import { CertificateIssued } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import type { Clock, Counter, Log } from '@caravan/platform';
import type { Authorities } from '../authorities/authorities.js';
import type { Cause } from '../authorities/cause.js';
import { Impossible } from '../authorities/awaiting.js';
import type { CertificateStore, Verdict } from '../certificates/certificate-store.js';
import type { Recorder } from '../recording/recorder.js';
import { refused, sign } from './sign.js';
import type { IssuingTerms } from './sign.js';
import type { SigningRequest } from './signing-request.js';

/**
 * From a request to a recorded certificate: sign, commit, record. Killed before the commit, nothing happened and the request
 * comes again; killed after it, the certificate is found and recorded.
 */
export class Issuing {
  constructor(
    private readonly terms: IssuingTerms,
    private readonly authorities: Authorities,
    private readonly certificates: CertificateStore,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly issued?: Counter<'profile' | 'outcome'>,
  ) {}

  /** The trust domain of all identities. */
  get installation(): string {
    return this.terms.installation;
  }

  /** @throws Awaiting when an authority is still to come */
  async issue(request: SigningRequest, cause: Cause): Promise<Verdict> {
    const { certificateId, profile } = request;
    // Signing before looking costs a signature when the request comes a second time, and saves a query for each that does not.
    const verdict = await this.#verdictOn(request, cause);
    const metadata = { ...cause, commandId: `issue/${certificateId}` };
    if (killPoint) await killPoint('certificate.signed', profile);
    const kept = await this.certificates.keep({ event: verdict, metadata });
    if (killPoint) await killPoint('certificate.kept', profile);
    await this.recorder.record(kept);
    const { event } = kept;
    const outcome = event.type === CertificateIssued.type ? 'issued' : event.data.code;
    this.issued?.inc({ profile, outcome });
    this.log.info({ certificateId, holder: request.holder, outcome }, 'certificate decided');
    return event;
  }

  async #verdictOn(request: SigningRequest, cause: Cause): Promise<Verdict> {
    try {
      const { authority: name, authorityOrdinal } = request;
      const authority =
        authorityOrdinal === undefined
          ? await this.authorities.inUse(name, cause)
          : await this.authorities.establish(name, authorityOrdinal, cause);
      return sign(request, authority, this.terms, this.clock.now());
    } catch (error) {
      if (error instanceof Impossible) return refused(request, error.code, error.detail);
      throw error;
    }
  }
}
