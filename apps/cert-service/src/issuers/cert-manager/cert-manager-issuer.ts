import type { Clock } from '@caravan/platform';
import { Awaiting } from '../../authorities/awaiting.js';
import { certificateOf } from '../issuer.js';
import type { AuthorityRequest, Issuer, IssuerTerms } from '../issuer.js';
import {
  attemptOf,
  AUTHORITY_LABEL,
  certificateRequest,
  certificateRequestListSchema,
  certificateRequestSchema,
  GROUP_VERSION,
  lifetimeOf,
  outcomeOf,
} from './certificate-request.js';
import type { CertificateRequest, IssuerRef } from './certificate-request.js';
import { KubernetesError } from './kubernetes-api.js';
import type { KubernetesApi } from './kubernetes-api.js';

export interface CertManagerOptions {
  readonly api: Pick<KubernetesApi, 'call'>;
  readonly namespace: string;
  readonly issuerRef: IssuerRef;
  /** Authorities last no longer than this, whatever else allows; milliseconds. */
  readonly mostLifetimeMs?: number | undefined;
  readonly clock: Clock;
}

/** A request that failed is made again after this, and after twice as long each time; deleting it makes it at once. */
const AGAIN_AFTER_MS = 10 * 60 * 1000;
const AT_MOST_MS = 24 * 60 * 60 * 1000;
const againAfterMs = (attempt: number): number => Math.min(AGAIN_AFTER_MS * 2 ** (attempt - 1), AT_MOST_MS);
const CONFLICT = 409;

/**
 * The cert-manager of a Kubernetes namespace: a CertificateRequest for each authority, found again by its label. Which of its issuers
 * signs, and what that asks of whom before it does, is a matter of the cluster.
 */
export class CertManagerIssuer implements Issuer {
  constructor(private readonly options: CertManagerOptions) {}

  async answerTo(request: AuthorityRequest, terms: IssuerTerms): Promise<string> {
    try {
      return await this.#answerTo(request, terms);
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      throw this.#awaiting(request, `the Kubernetes API: ${error.message}`);
    }
  }

  async #answerTo(request: AuthorityRequest, { rootEnds, wrongWith }: IssuerTerms): Promise<string> {
    const last = (await this.#last(request)) ?? (await this.#ask(request, 1, rootEnds));
    const outcome = outcomeOf(last, wrongWith);
    switch (outcome.kind) {
      case 'signed':
        return outcome.pem;
      case 'pending':
        throw this.#awaiting(request, `CertificateRequest ${last.metadata.name}: ${outcome.why}`);
      case 'failed': {
        const again = new Date(outcome.at.getTime() + againAfterMs(attemptOf(last)));
        const says = `CertificateRequest ${last.metadata.name} failed (${outcome.why})`;
        if (this.options.clock.now() < again) {
          throw this.#awaiting(request, `${says}: asked again at ${again.toISOString()}, or when it is deleted`);
        }
        await this.#ask(request, attemptOf(last) + 1, rootEnds);
        throw this.#awaiting(request, `${says}: asked again`);
      }
    }
  }

  /** The last attempt. */
  async #last({ authorityId }: AuthorityRequest): Promise<CertificateRequest | undefined> {
    const query = `?labelSelector=${encodeURIComponent(`${AUTHORITY_LABEL}=${authorityId}`)}`;
    const { items } = await this.options.api.call('GET', this.#path + query, certificateRequestListSchema);
    return items.sort((one, other) => attemptOf(one) - attemptOf(other)).at(-1);
  }

  async #ask(request: AuthorityRequest, attempt: number, rootEnds: Date): Promise<CertificateRequest> {
    const { api, namespace, issuerRef, mostLifetimeMs: most, clock } = this.options;
    const lifetimeMs = lifetimeOf(request, { rootEnds, now: clock.now(), most });
    const body = certificateRequest(request, { namespace, issuerRef, attempt, lifetimeMs });
    try {
      return await api.call('POST', this.#path, certificateRequestSchema, body);
    } catch (error) {
      // Another replica was quicker.
      if (!(error instanceof KubernetesError) || error.status !== CONFLICT) throw error;
      return api.call('GET', `${this.#path}/${body.metadata.name}`, certificateRequestSchema);
    }
  }

  get #path(): string {
    return `/apis/${GROUP_VERSION}/namespaces/${encodeURIComponent(this.options.namespace)}/certificaterequests`;
  }

  #awaiting(request: AuthorityRequest, why: string): Awaiting {
    return new Awaiting(`${certificateOf(request)} which cert-manager signs in ${this.options.namespace} (${why})`);
  }
}
