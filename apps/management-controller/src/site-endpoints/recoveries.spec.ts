import { describe, expect, it } from 'vitest';
import { CertificateIssued, InvitationIssued, InvitationRevoked } from '@caravan/events';
import { generateKeyPair, proveFormerKey, readCsr } from '@caravan/pki';
import { certificateRevoked } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { admitted, memberId, removed } from '../members/member.fixture.js';
import { terms } from '../networks/network.fixture.js';
import {
  asked,
  askedBySite,
  authority,
  certify,
  csr,
  invitationId,
  invited,
  keys,
  pem,
  proof,
  record,
  rotatedOn,
} from './recoveries.fixture.js';
import type { Circumstances } from './recoveries.fixture.js';

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

  it('is given another one when that is over too', async () => {
    const { wanted } = await asked();
    const data = (await wanted())[0]!.data as { certificateId: string };
    const lost = CertificateIssued({ ...record(certify(), 2).data, certificateId: data.certificateId });
    const late = await asked({ events: [authority(), invited, admitted, record(pem), lost], day: 21 });
    expect(late.answer).toBe('pending');
    expect(await late.wanted()).toMatchObject([{ data: { ordinal: 3 } }]);
  });

  it('is refused when an answer to it was revoked', async () => {
    const { wanted } = await asked();
    const data = (await wanted())[0]!.data as { certificateId: string };
    const lost = CertificateIssued({ ...record(certify(), 2).data, certificateId: data.certificateId });
    const events = [authority(), invited, admitted, record(pem), lost, certificateRevoked(lost)];
    expect(await answer({ events, day: 21 })).toBe('certificate.revoked');
  });

  it('comes back by its claim alone when it was never given its first one, and only then', async () => {
    expect(await (await asked({ day: 9 })).afterClaim()).toBeUndefined();
    expect(await (await asked({ events: [authority(), invited, admitted] })).afterClaim()).toBeUndefined();
    const events = [authority(), invited, admitted, record(pem)];
    const late = await asked({ events });
    expect(await late.afterClaim()).toBe('pending');
    expect(await late.wanted()).toMatchObject([{ data: { ordinal: 2 } }]);
    // It had another one since, with another key: this is an old copy of it.
    expect(await (await asked({ events: [...events, record(certify(), 2)] })).afterClaim()).toBe('recovery.superseded');
    expect(await (await asked({ day: 41 })).afterClaim()).toBe('recovery.too-late');
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
    const revoked = certificateRevoked(record(pem));
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

  it('is not too early for a rotation that went on without it', async () => {
    const since = rotatedOn('listeners');
    expect(await answer({ day: 4, since })).toBe('pending');
    expect(await (await asked({ day: 4, since })).afterClaim()).toBe('pending');
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

describe('a backbone site whose certificate is over', () => {
  it('is given the next one, by the key that it had', async () => {
    const { answer: given, wanted } = await askedBySite();
    expect(given).toBe('pending');
    const { publicKeyFingerprint: claimantKey } = readCsr(csr);
    expect(wanted).toMatchObject([
      { type: 'BackboneSiteCertificateRequested', data: { siteId: id('north'), ordinal: 2, claimantKey } },
    ]);
  });

  it('is refused when it is another one, was removed, or comes too early or too late', async () => {
    const refusal = async (of: Parameters<typeof askedBySite>[0]) => (await askedBySite(of)).answer;
    expect(await refusal({ holder: 'south' })).toBe('backbone-site.unknown');
    expect(await refusal({ removed: true })).toBe('backbone-site.unknown');
    expect(await refusal({ day: 4 })).toBe('certificate.not-due');
    expect(await refusal({ day: 41 })).toBe('recovery.too-late');
  });
});
