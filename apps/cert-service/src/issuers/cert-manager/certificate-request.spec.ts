import { describe, expect, it } from 'vitest';
import { certificateRequestSchema, outcomeOf, readIssuerRef } from './certificate-request.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const outcome = (status: object | undefined) =>
  outcomeOf(
    certificateRequestSchema.parse({ metadata: { name: 'a-1', creationTimestamp: '2026-01-01T00:00:00Z' }, status }),
    () => undefined,
  );
const condition = (type: string, status: string, reason: string, message = '') => ({ type, status, reason, message });

describe('an issuer of cert-manager', () => {
  it('is named as in a cluster', () => {
    expect(readIssuerRef('company-ca')).toEqual({ name: 'company-ca', kind: 'Issuer', group: 'cert-manager.io' });
    expect(readIssuerRef('ClusterIssuer/ca')).toEqual({ name: 'ca', kind: 'ClusterIssuer', group: 'cert-manager.io' });
    expect(readIssuerRef('StepIssuer.certmanager.step.sm/ca')).toEqual({
      ...{ name: 'ca', kind: 'StepIssuer', group: 'certmanager.step.sm' },
    });
    for (const wrong of ['', '/', 'a/b/c', 'Company CA', '../x', '-a']) expect(readIssuerRef(wrong)).toBeUndefined();
  });
});

describe('a CertificateRequest', () => {
  it('is signed when it is ready and has a certificate', () => {
    const ready = [condition('Approved', 'True', 'cert-manager.io'), condition('Ready', 'True', 'Issued')];
    expect(outcome({ conditions: ready, certificate: base64('leaf'), ca: base64('root') })).toEqual({
      ...{ kind: 'signed', pem: 'leaf\nroot' },
    });
    expect(outcome({ conditions: ready, certificate: base64('leaf') })).toMatchObject({ pem: 'leaf\n' });
    expect(outcome({ conditions: ready })).toMatchObject({ kind: 'pending' });
  });

  it.each([
    ['denied', [condition('Denied', 'True', 'policy', 'no')], 'Denied: policy: no'],
    ['invalid', [condition('InvalidRequest', 'True', 'KeyAlgorithm')], 'InvalidRequest: KeyAlgorithm'],
    ['failed', [condition('Ready', 'False', 'Failed', 'the CA is over')], 'Failed: the CA is over'],
  ])('is %s', (_, conditions, why) => {
    expect(outcome({ conditions })).toEqual({ kind: 'failed', why, at: new Date('2026-01-01T00:00:00Z') });
    const failureTime = '2026-01-02T00:00:00Z';
    expect(outcome({ conditions, failureTime })).toMatchObject({ at: new Date(failureTime) });
  });

  it('is pending until then, and says what it waits for', () => {
    expect(outcome(undefined)).toMatchObject({ kind: 'pending', why: 'nobody has looked at it yet' });
    const waits = [condition('Ready', 'False', 'Pending', 'Waiting on certificate issuance from order')];
    expect(outcome({ conditions: waits })).toMatchObject({
      why: 'Pending: Waiting on certificate issuance from order',
    });
  });
});
