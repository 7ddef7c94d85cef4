import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  MemberRemoved,
  memberStream,
  revocationListReplySchema,
  revocationListSubject,
  RevocationRequested,
  revocationStream,
} from '@caravan/events';
import type { RevocationTarget } from '@caravan/events';
import { newId } from '@caravan/platform';
import { newIds, useInstallation } from '../installation.fixture.js';
import type { Ids, TestInstallation } from '../installation.fixture.js';

const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('lists of revoked certificates: skipped, no openssl on PATH\n');

/** The list of an authority, as its text. */
async function listOf(at: TestInstallation, kind: string): Promise<{ text: string; number: number; file: string }> {
  const authority = (await at.authorities()).find((each) => each.kind === kind)!;
  const answer = await at.ask(revocationListSubject(authority.authorityId), {});
  const { der, number } = revocationListReplySchema.parse(answer);
  const [file, issuer] = ['list.crl', 'issuer.pem'].map((name) => join(at.directory, name));
  writeFileSync(file!, Buffer.from(der, 'base64'));
  writeFileSync(issuer!, authority.certificate);
  // It is what its issuer signed, to somebody who reads it for the first time.
  openssl('crl', '-inform', 'DER', '-in', file!, '-CAfile', issuer!, '-verify', '-noout');
  return {
    text: openssl('crl', '-inform', 'DER', '-in', file!, '-text', '-noout'),
    number: Number(number),
    file: file!,
  };
}

const revoke = (at: TestInstallation, target: RevocationTarget, reason: 'key-compromise' | 'superseded') => {
  const revocationId = newId();
  return at.append(
    revocationStream(revocationId),
    RevocationRequested({ revocationId, target, name: 'somebody', reason }),
  );
};

/** At once: whoever asks after a revocation was acknowledged is told of it. */
async function listedAt(at: TestInstallation, kind: string, serial: string) {
  const list = await listOf(at, kind);
  expect(list.text).toContain(serial.toUpperCase());
  return list;
}

(hasOpenssl ? describe : describe.skip)('lists of revoked certificates', () => {
  const installation = useInstallation();

  async function running(): Promise<{ at: TestInstallation; ids: Ids; serial: string }> {
    const at = installation();
    await at.init();
    await Promise.all([at.start(), at.start()]);
    const ids = newIds();
    await at.all(ids);
    return { at, ids, serial: (await at.issued(ids.certificateId)).serial };
  }

  it('say who was removed, with a number that only grows', async () => {
    const { at, ids, serial } = await running();
    const before = await listOf(at, 'member');
    expect(before.text).toContain('No Revoked Certificates');
    expect((await listOf(at, 'member')).number).toBe(before.number);
    const { memberId, networkId, invitationId } = ids;
    await at.append(memberStream(memberId), MemberRemoved({ memberId, networkId, invitationId }));
    const after = await listedAt(at, 'member', serial);
    expect(after.number).toBeGreaterThan(before.number);
    expect(after.text).toContain('Cessation Of Operation');
    expect(after.text).toContain('X509v3 Authority Key Identifier');
    expect(after.text).toContain('Next Update');
    // Nobody else's: the list of the claim authority is empty still.
    expect((await listOf(at, 'claim')).text).toContain('No Revoked Certificates');
  });

  it('say which single certificate was revoked and why, also when its holder is removed after that', async () => {
    const { at, ids, serial } = await running();
    const { fingerprint, issuerId, notAfter } = await at.issued(ids.certificateId);
    const { memberId, networkId, invitationId, certificateId } = ids;
    const holder = { kind: 'member', memberId, networkId } as const;
    await revoke(
      at,
      {
        kind: 'certificate',
        certificateId,
        holder,
        backboneId: ids.backboneId,
        issuerId,
        serial,
        fingerprint,
        notAfter,
      },
      'key-compromise',
    );
    expect((await listedAt(at, 'member', serial)).text).toContain('Key Compromise');
    await at.append(memberStream(memberId), MemberRemoved({ memberId, networkId, invitationId }));
    // Known by another removal, which came after it for certain.
    const late = newIds({ networkId, backboneId: ids.backboneId, invitationId });
    await at.member(late);
    const other = await at.issued(late.certificateId);
    const gone = MemberRemoved({ memberId: late.memberId, networkId, invitationId });
    await at.append(memberStream(late.memberId), gone);
    const { text } = await listedAt(at, 'member', other.serial);
    expect(text).toContain('Key Compromise');
    expect(text.split(serial.toUpperCase())).toHaveLength(2);
  });

  it('say it again after the database was restored from a backup of before', async () => {
    const { at, ids, serial } = await running();
    const { memberId, networkId, invitationId } = ids;
    await at.append(memberStream(memberId), MemberRemoved({ memberId, networkId, invitationId }));
    await listedAt(at, 'member', serial);
    await at.stop();
    // What a backup has that was made before the removal: neither the row nor how far the log had been read by then.
    await at.pool.query('delete from revoked');
    await at.pool.query('update projection_checkpoint set position = 0, commit_hash = null');
    await at.start();
    await listedAt(at, 'member', serial);
  });

  it('say the authorities of a network that was revoked, where their issuers publish', async () => {
    const { at, ids } = await running();
    const { networkId, backboneId } = ids;
    await revoke(at, { kind: 'network', networkId, backboneId }, 'superseded');
    const serialOf = async (kind: string) => (await at.authorities()).find((each) => each.kind === kind)!.serial;
    expect((await listedAt(at, 'backbone', await serialOf('network'))).text).toContain('Superseded');
    for (const kind of ['claim', 'member']) await listedAt(at, 'network', await serialOf(kind));
    expect((await listOf(at, 'root')).text).toContain('No Revoked Certificates');
  });
});
