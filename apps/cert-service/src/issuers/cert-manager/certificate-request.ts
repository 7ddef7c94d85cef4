import { PROFILES } from '@caravan/pki';
import { z } from 'zod';
import { PROFILE_OF } from '../../authorities/authority.js';
import type { AuthorityRequest, IssuerTerms } from '../issuer.js';

/**
 * The part of `certificaterequests.cert-manager.io/v1` that is used here (cert-manager's CRD, `deploy/crds`): a request is made once, never
 * changed, and ends with `Ready: True` and a certificate, or with a failure.
 */
export const GROUP_VERSION = 'cert-manager.io/v1';
export const AUTHORITY_LABEL = 'caravan-authority';

/** Who signs, as `spec.issuerRef`. */
export interface IssuerRef {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}

const DEFAULT_GROUP = 'cert-manager.io';
const ISSUER =
  /^(?:(?<kind>[A-Za-z][A-Za-z0-9]{0,62})(?:\.(?<group>[a-z0-9.-]{1,200}))?\/)?(?<name>[a-z0-9][a-z0-9.-]{0,252})$/;

/** `company-ca`, `ClusterIssuer/company-ca` or `VaultIssuer.example.org/company-ca`; undefined: none of them. */
export function readIssuerRef(text: string): IssuerRef | undefined {
  const { name, kind = 'Issuer', group = DEFAULT_GROUP } = ISSUER.exec(text)?.groups ?? {};
  return name === undefined ? undefined : { name, kind, group };
}

const HOUR_MS = 3_600_000;
/** What is left of what it stands on, so that whoever approves may take a while: it counts from when it is signed. */
const TAKEN = 0.99;

export interface Asking {
  readonly namespace: string;
  readonly issuerRef: IssuerRef;
  /** Which attempt this is, from 1 on. */
  readonly attempt: number;
  /** At most. */
  readonly lifetimeMs: number;
}

/** What is asked of cert-manager. The usages are those of the request itself: its webhook compares them. */
export const certificateRequest = (
  { authorityId, csr }: AuthorityRequest,
  { namespace, issuerRef, attempt, lifetimeMs }: Asking,
) => ({
  apiVersion: GROUP_VERSION,
  kind: 'CertificateRequest',
  metadata: {
    name: `caravan-${authorityId}-${attempt}`, // a DNS label, 63 characters at most with four digits
    namespace,
    labels: { [AUTHORITY_LABEL]: authorityId },
  },
  spec: {
    issuerRef,
    request: Buffer.from(csr).toString('base64'),
    isCA: true,
    usages: ['cert sign', 'crl sign'],
    // Whole hours, downwards: what it stands on must not end before.
    duration: `${Math.max(1, Math.floor(lifetimeMs / HOUR_MS))}h`,
  },
});

/** Which attempt one is, by its name. */
export const attemptOf = ({ metadata: { name } }: CertificateRequest): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);

/** How long it may last: as its profile has it, and no longer than its root and its network. Milliseconds. */
export function lifetimeOf(
  { kind, until }: AuthorityRequest,
  { rootEnds, now, most }: { readonly rootEnds: Date; readonly now: Date; readonly most: number | undefined },
): number {
  const ends = [rootEnds, ...(until === null ? [] : [new Date(until)])].map(
    (end) => TAKEN * (end.getTime() - now.getTime()),
  );
  return Math.min(PROFILES[PROFILE_OF[kind]].lifetimeMs, most ?? Infinity, ...ends);
}

const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** As the API answers it; what is not read here is left out. */
export const certificateRequestSchema = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.iso.datetime() }),
  status: z
    .object({
      conditions: z.array(conditionSchema).optional(),
      /** Base64 of PEM: the certificate, and what stands between. */
      certificate: z.base64().optional(),
      /** Base64 of PEM: who signed it, where the issuer says so. */
      ca: z.base64().optional(),
      failureTime: z.iso.datetime().optional(),
    })
    .optional(),
});
export type CertificateRequest = z.infer<typeof certificateRequestSchema>;
export const certificateRequestListSchema = z.object({ items: z.array(certificateRequestSchema) });

export type Outcome =
  | { readonly kind: 'signed'; readonly pem: string }
  | { readonly kind: 'failed'; readonly why: string; readonly at: Date }
  | { readonly kind: 'pending'; readonly why: string };

/**
 * What became of one. `Denied` and `InvalidRequest` are as final as `Ready: False` with reason `Failed`; so is an answer that cannot be used,
 * for a request is never signed twice.
 */
export function outcomeOf({ metadata, status = {} }: CertificateRequest, wrongWith: IssuerTerms['wrongWith']): Outcome {
  const at = new Date(status.failureTime ?? metadata.creationTimestamp);
  const condition = (type: string) => status.conditions?.find((each) => each.type === type);
  const ready = condition('Ready');
  const words = ({ reason, message }: z.infer<typeof conditionSchema>) => [reason, message].filter(Boolean).join(': ');
  if (ready?.status === 'True' && status.certificate !== undefined) {
    const texts = [status.certificate, status.ca ?? ''].map((text) => Buffer.from(text, 'base64').toString('latin1'));
    const pem = texts.join('\n');
    const wrong = wrongWith(pem);
    return wrong === undefined
      ? { kind: 'signed', pem }
      : { kind: 'failed', why: `it cannot stand there: ${wrong}`, at };
  }
  for (const type of ['Denied', 'InvalidRequest'] as const) {
    const found = condition(type);
    if (found?.status === 'True') return { kind: 'failed', why: `${type}: ${words(found)}`, at };
  }
  if (ready?.reason === 'Failed' || status.failureTime !== undefined) {
    return { kind: 'failed', why: ready ? words(ready) : 'it failed', at };
  }
  return { kind: 'pending', why: ready ? words(ready) : 'nobody has looked at it yet' };
}
