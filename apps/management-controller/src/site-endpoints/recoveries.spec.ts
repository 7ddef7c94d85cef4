import { describe, expect, it } from '@jest/globals';
import {
  CertificateIssued,
  InvitationIssued,
  InvitationRevoked,
  memberStream,
  RevocationRequested,
} from '@caravan/events';
import type { Event } from '@caravan/events';
import {
  createCsr,
  describeCertificate,
  generateKeyPair,
  issueCertificate,
  proveFormerKey,
  randomSerial,
  readCsr,
  selfSignRoot,
} from '@caravan/pki';
import { commandMetadata } from '@caravan/testing/specification';
import { CertificateAges } from '../certificates/certificate-ages.js';
import { established } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { admission, admitted, memberId, networkId, removed } from '../members/member.fixture.js';
import { terms } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { JoinReplies } from './join-replies.js';
import { Recoveries } from './recoveries.js';
import { ground } from './site-endpoint.fixture.js';

const DAY = 86_400_000;
const issuedAt = new Date('2026-01-01T00:00:00.000Z');
const invitationId = id('store');
const rootKeys = generateKeyPair();
const { certificatePem: rootPem } = selfSignRoot({
  ...{ commonName: 'root', keyPair: rootKeys, serial: randomSerial(), now: issuedAt },
});

/** What the member was known by: ten days of it. The authority's kind does not matter here, that it is on record does. */
const keys = generateKeyPair();
const certify = (publicKey = keys.publicKey): string =>
  issueCertificate({
    ...{ profile: 'service', issuer: { certificatePem: rootPem, privateKey: rootKeys.privateKey }, publicKey },
    ...{ commonName: 'store-1', installation: 'acme', serial: randomSerial(), now: issuedAt, lifetimeMs: 10 * DAY },
    identity: 'spiffe://acme/service/store-1',
  }).certificatePem;
const pem = certify();
const record = (
  certificate: string,
  ordinal = 1,
  name = `certificate ${ordinal}`,
): ReturnType<typeof CertificateIssued> => {
  const { subject, serial, fingerprint, publicKeyFingerprint, notBefore, notAfter } = describeCertificate(certificate);
  return CertificateIssued({
    ...{ certificateId: id(name), holder: { kind: 'member', memberId, networkId }, identity: null, hosts: [], ordinal },
    ...{ issuerId: id('member authority'), serial, subject, fingerprint, publicKeyFingerprint, notBefore, notAfter },
    ...{ certificate, chain: [] },
  });
};
const authority = (): Event => {
  const event = established('member', { networkId });
  return { ...event, data: { ...event.data, notAfter: new Date(issuedAt.getTime() + 1_000 * DAY).toISOString() } };
};
const invited = InvitationIssued({ ...terms('store'), invitationId });
const csr = createCsr({ subject: { commonName: 'site' }, keyPair: generateKeyPair() });
const proof = proveFormerKey(csr, keys.privateKey);

interface Circumstances {
  readonly events?: readonly Event[];
  /** Days after it was issued; it lasts ten. */
  readonly day?: number;
  readonly recovery?: { readonly certificate: string; readonly proof: string };
  readonly asks?: string;
}

/** What the members' door answers, where recovery is possible for thirty days. */
async function asked({
  events = [authority(), invited, admitted, record(pem)],
  day = 12,
  recovery,
  asks = csr,
}: Circumstances = {}) {
  const now = new Date(issuedAt.getTime() + day * DAY);
  const { store, deciders, issuing, desiredState } = ground();
  await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: commandMetadata() });
  const readModels = readModelsOf(...events);
  const clock = { now: () => now };
  const replies = new JoinReplies(issuing, desiredState, clock);
  const recoveries = new Recoveries(deciders, readModels, new CertificateAges(readModels), replies, clock, 30 * DAY);
  const ask = () =>
    recoveries.of(invitationId, { capability: 6, csr: asks, recovery: recovery ?? { certificate: pem, proof } }).then(
      ({ status }) => status as string,
      ({ code }: { code: string }) => code,
    );
  const wanted = async () => (await store.read(memberStream(memberId))).events.slice(1);
  return { answer: await ask(), again: ask, wanted };
}
const answer = async (circumstances: Circumstances) => (await asked(circumstances)).answer;

describe('a member whose certificate is over', () => {
  it('is given the next one, by the key that it had; asked again it is the same one', async () => {
    const { answer: first, again, wanted } = await asked();
    expect(first).toBe('pending'); // nobody signs here
    expect(await again()).toBe('pending');
    const { publicKeyFingerprint: claimantKey } = readCsr(csr);
    expect(await wanted()).toMatchObject([
      { type: 'MemberCertificateRequested', data: { memberId, ordinal: 2, claimantKey } },
    ]);
  });

  it('is answered also when what was signed meanwhile was lost on its way', async () => {
    const { wanted } = await asked();
    const data = (await wanted())[0]!.data as { certificateId: string };
    const lost = CertificateIssued({ ...record(certify(), 2).data, certificateId: data.certificateId });
    expect(await answer({ events: [authority(), invited, admitted, record(pem), lost] })).toBe('pending');
  });

  it('is refused without that key, and with a certificate that was not issued here', async () => {
    const other = generateKeyPair();
    expect(await answer({ recovery: { certificate: pem, proof: proveFormerKey(csr, other.privateKey) } })).toBe(
      'recovery.not-proven',
    );
    expect(await answer({ recovery: { certificate: pem, proof: proveFormerKey(`${csr} `, keys.privateKey) } })).toBe(
      'recovery.not-proven',
    );
    const forged = certify(other.publicKey);
    expect(await answer({ recovery: { certificate: forged, proof: proveFormerKey(csr, other.privateKey) } })).toBe(
      'recovery.not-proven',
    );
    expect(await answer({ recovery: { certificate: '-----BEGIN CERTIFICATE-----', proof } })).toBe(
      'recovery.not-proven',
    );
  });

  it('is refused when it was removed or revoked, or is of another network', async () => {
    expect(await answer({ events: [authority(), invited, admitted, record(pem), removed] })).toBe('member.unknown');
    const elsewhere = InvitationIssued({ ...terms('store'), invitationId, networkId: id('other') });
    expect(await answer({ events: [authority(), elsewhere, admitted, record(pem)] })).toBe('member.unknown');
    const { certificateId, holder, issuerId, serial, notAfter } = record(pem).data;
    const target = {
      kind: 'certificate',
      certificateId,
      holder,
      issuerId,
      serial,
      notAfter,
      backboneId: id('demo'),
      fingerprint: 'a'.repeat(64),
    } as const;
    const revoked = RevocationRequested({ revocationId: id('r'), target, name: 'it', reason: 'key-compromise' });
    expect(await answer({ events: [authority(), invited, admitted, record(pem), revoked] })).toBe(
      'certificate.revoked',
    );
  });

  it('is refused by what it had before the last', async () => {
    const events = [authority(), invited, admitted, record(pem), record(certify(), 2)];
    expect(await answer({ events })).toBe('recovery.superseded');
  });

  it('is refused too early and too late', async () => {
    expect(await answer({ day: 4 })).toBe('certificate.not-due');
    expect(await answer({ day: 6 })).toBe('pending'); // as anybody's, from half of its life on
    expect(await answer({ day: 39 })).toBe('pending');
    expect(await answer({ day: 41 })).toBe('recovery.too-late');
  });

  it('is let in by whom an open invitation was given, and no other', async () => {
    const rest = [authority(), admitted, record(pem)];
    expect(await answer({ events: rest })).toBe('invitation.unknown');
    expect(await answer({ events: [invited, InvitationRevoked({ invitationId }), ...rest] })).toBe(
      'invitation.revoked',
    );
    const over = InvitationIssued({ ...terms('store'), invitationId, deadline: '2026-01-02T00:00:00.000Z' });
    expect(await answer({ events: [over, ...rest] })).toBe('invitation.expired');
  });
});
