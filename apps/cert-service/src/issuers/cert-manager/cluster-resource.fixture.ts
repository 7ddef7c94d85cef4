import { readCsr } from '@caravan/pki';
import type { OwnRoot } from '@caravan/testing/servers';
import { z } from 'zod';

/**
 * What a Kubernetes API server with cert-manager in it takes for a CertificateRequest, transcribed from cert-manager: its CRD
 * (`deploy/crds/cert-manager.io_certificaterequests.yaml`), its webhook (`internal/apis/certmanager/validation`) and what every issuer
 * checks before it signs (`pkg/util/pki/certificatetemplate.go`). As strict as the strictest of them. No cluster was run.
 */
const USAGES = [
  'signing',
  'digital signature',
  'key encipherment',
  'cert sign',
  'crl sign',
  'server auth',
  'client auth',
];
const bodySchema = z.strictObject({
  apiVersion: z.literal('cert-manager.io/v1'),
  kind: z.literal('CertificateRequest'),
  metadata: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
      .max(253),
    namespace: z.string().regex(/^[a-z0-9-]{1,63}$/),
    labels: z.record(z.string().max(63), z.string().max(63)).optional(),
  }),
  spec: z.strictObject({
    issuerRef: z.strictObject({ name: z.string(), kind: z.string().optional(), group: z.string().optional() }),
    request: z.base64(),
    isCA: z.boolean().optional(),
    usages: z.array(z.enum(USAGES)).optional(),
    duration: z
      .string()
      .regex(/^\d+h$/)
      .optional(), // Go's durations have more forms; this is the one that is used
  }),
});
export type Body = z.infer<typeof bodySchema>;

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}
export interface Kept extends Body {
  readonly metadata: Body['metadata'] & { readonly uid: string; readonly creationTimestamp: string };
  status: { conditions?: Condition[]; certificate?: string; ca?: string; failureTime?: string };
}

export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** What is taken for a new one of that namespace. @throws Refused */
export function taken(text: string, namespace: string, own: OwnRoot): Body {
  const parsed = bodySchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Refused(422, 'Invalid', z.prettifyError(parsed.error));
  if (parsed.data.metadata.namespace !== namespace) {
    const message = 'the namespace of the provided object does not match the namespace sent on the request';
    throw new Refused(400, 'BadRequest', message);
  }
  validate(parsed.data.spec, own);
  return parsed.data;
}

/** The request must be one, and its usages must be those that are asked for. */
function validate(
  { request, usages = ['digital signature', 'key encipherment'], isCA }: Body['spec'],
  own: OwnRoot,
): void {
  const deny = (why: string) =>
    new Refused(400, 'BadRequest', `admission webhook "webhook.cert-manager.io" denied the request: ${why}`);
  const csr = Buffer.from(request, 'base64').toString();
  try {
    readCsr(csr);
  } catch (error) {
    throw deny(`spec.request: failed to decode csr: ${(error as Error).message}`);
  }
  const asks = own.requested(csr);
  const wanted = [...new Set([...usages, ...(isCA ? ['cert sign'] : [])])].sort().join();
  if (asks.usages.sort().join() !== wanted) throw deny('csr key usages do not match specified usages');
  if (asks.isCa !== (isCA ?? false)) throw deny('encoded CSR error: IsCA does not match expected value');
}
