import { describe, expect, it } from 'vitest';
import { CLOSING_STATEMENT, closingStatementSchema } from '@caravan/api';
import {
  CertificateIssued,
  MemberRemoved,
  NetworkDeleted,
  networkStream,
  RevocationConfirmed,
  RevocationRequested,
} from '@caravan/events';
import type { Event, Holder, RevocationTarget } from '@caravan/events';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTALLATION, issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { commandMetadata } from '@caravan/testing/specification';
import { site } from '../backbones/backbone.fixture.js';
import { established, issued } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { admitted, memberId } from '../members/member.fixture.js';
import { backboneId, created, networkId } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { ClosingStatements } from './closing-statements.js';
import { north, ofMember, Revoking, south } from './revoking.fixture.js';
import { StatementSigner } from './statement-signer.js';

const revocationId = id('revocation');
const ofNetwork: RevocationTarget = { kind: 'network', networkId, backboneId };
const own = (kind: 'network' | 'claim' | 'member') => established(kind, { backboneId, networkId });
const certificate = (name: string, holder: Holder, { issuer = 'member', notAfter = '2027-01-01T00:00:00.000Z' } = {}) =>
  CertificateIssued({
    ...issued(id(name)).data,
    ...{
      holder,
      serial: name,
      fingerprint: name,
      subject: `CN=${name}`,
      notAfter,
      issuerId: id(`${issuer} authority`),
    },
  });
const member = (name: string) => ({ kind: 'member', networkId, memberId: id(name) }) as const;
const world: readonly Event[] = [
  ...[site('north'), site('south'), created, admitted],
  ...(['network', 'claim', 'member'] as const).map(own),
  certificate('store-1', { kind: 'member', networkId, memberId }),
  certificate('store-2', member('store-2')),
  certificate('over', { kind: 'member', networkId, memberId }, { notAfter: '2025-12-31T00:00:00.000Z' }),
  certificate('invitation', { kind: 'claim', networkId, invitationId: id('store') }, { issuer: 'claim' }),
  certificate('of another network', member('elsewhere'), { issuer: 'another member' }),
];

/** What is stated of a revocation after these events. */
async function stated(target: RevocationTarget, events: readonly Event[] = [], heard?: (by: Revoking) => unknown) {
  const requested = RevocationRequested({ revocationId, target, name: 'retail', reason: 'key-compromise' });
  const models = readModelsOf(...world, requested, ...events);
  const revoking = await new Revoking().request(target);
  await heard?.(revoking);
  const { enforcing, directory, store } = revoking;
  const signer = { sign: (type: string, of: unknown) => Promise.resolve(JSON.stringify([type, of])) } as never;
  const clock = { now: () => new Date('2026-03-01T12:00:09.000Z') };
  const deleted = NetworkDeleted({ networkId, backboneId });
  if (events.some(({ type }) => type === deleted.type))
    await store.append(networkStream(networkId), [deleted], {
      expectedRevision: 0,
      previousHash: null,
      metadata: commandMetadata({ now: clock.now() }),
    });
  const progress = { position: () => 7 };
  const statements = new ClosingStatements(models, enforcing, directory, signer, store, progress, clock, 'acme');
  const row = (await models.revocations.find({ id: revocationId }))!;
  const [type, statement] = JSON.parse(await statements.signed(row)) as [string, unknown];
  expect(type).toBe(CLOSING_STATEMENT);
  return closingStatementSchema.parse(statement);
}

describe('a closing statement', () => {
  it('names every certificate that was worth something in a network, and no other', async () => {
    const { certificates, what, reason, installation, position } = await stated(ofNetwork);
    expect({ what, reason, installation, position }).toEqual({
      ...{ what: { kind: 'network', id: networkId, name: 'retail' }, reason: 'key-compromise' },
      ...{ installation: 'acme', position: 7 },
    });
    expect(certificates.map(({ kind, subject }) => `${kind} ${subject}`).sort()).toEqual([
      'authority CN=claim',
      'authority CN=member',
      'authority CN=network',
      'claim CN=invitation',
      'member CN=store-1',
      'member CN=store-2',
    ]);
  });

  it('names those of a member', async () => {
    const removed = MemberRemoved({ memberId, networkId, invitationId: id('store') });
    const { certificates, goneAt } = await stated(ofMember, [removed]);
    expect(certificates).toMatchObject([{ kind: 'member', serial: 'store-1' }]);
    expect(goneAt).toBeNull(); // its own stream does not say so here
  });

  it('names who has confirmed, and when, and who has not; and says since when nothing is left', async () => {
    const at = '2026-03-01T12:00:00.300Z';
    const confirmed = RevocationConfirmed({ revocationId, sites: [{ siteId: south, at }] });
    const open = await stated(ofNetwork, [confirmed]);
    expect(open).toMatchObject({ confirmed: [{ siteId: south, name: 'south', at }], enforcedAt: null, goneAt: null });
    expect(open.unconfirmed).toMatchObject([{ siteId: north, name: 'north' }]);
    const gone = await stated(ofNetwork, [confirmed, NetworkDeleted({ networkId, backboneId })]);
    expect(gone.goneAt).toBe('2026-03-01T12:00:09.000Z');
  });

  it('has each router in one of its lists, whatever was recorded since', async () => {
    const at = '2026-03-01T12:00:00.300Z';
    const confirmed = RevocationConfirmed({ revocationId, sites: [{ siteId: south, at }] });
    const heard = await stated(ofNetwork, [confirmed], (by) => by.says(north));
    expect(heard).toMatchObject({ confirmed: [{ siteId: south }], unconfirmed: [{ siteId: north }], enforcedAt: null });
    const recorded = stated(ofNetwork, [confirmed], (by) => by.says(north).look());
    await expect(recorded).rejects.toMatchObject({ code: 'projection.behind' });
  });

  it('is none of what nobody takes part with', async () => {
    const backboneSite = { kind: 'backbone-site', siteId: north, backboneId } as const;
    await expect(stated(backboneSite)).rejects.toMatchObject({ code: 'revocation.without-statement' });
  });
});

describe('who signs it', () => {
  const root = makeRoot();
  const management = makeAuthority(root, 'managementCa', 'management');
  const identity = `spiffe://${INSTALLATION}/service/management-controller`;
  const filesWith = (certificates: string, key: string) => {
    const dir = mkdtempSync(join(tmpdir(), 'caravan-statement-'));
    const [certFile, keyFile] = [join(dir, 'it.pem'), join(dir, 'it.key')];
    writeFileSync(certFile, certificates);
    writeFileSync(keyFile, key, { mode: 0o600 });
    return { certFile, keyFile };
  };
  const credential = issue(management, 'service', { identity }, { withIntermediates: true });

  it('is the service, with its certificate and what signed that', async () => {
    const signed = await new StatementSigner(filesWith(credential.chain, credential.key)).sign(CLOSING_STATEMENT, {
      a: 1,
    });
    const { x5c, typ, alg } = decodeProtectedHeader(signed);
    expect([typ, alg, x5c?.length]).toEqual([CLOSING_STATEMENT, 'ES256', 2]);
    const leaf = new X509Certificate(Buffer.from(x5c![0]!, 'base64'));
    expect(leaf.subjectAltName).toBe(`URI:${identity}`);
    const { payload } = await compactVerify(signed, leaf.publicKey);
    expect(Buffer.from(payload).toString()).toBe('{"a":1}');
  });

  it('is nobody without files, or with those of two', async () => {
    const another = issue(management, 'service', { identity });
    for (const files of [{ certFile: undefined, keyFile: undefined }, filesWith(credential.chain, another.key)]) {
      const signing = new StatementSigner(files).sign(CLOSING_STATEMENT, {});
      await expect(signing).rejects.toMatchObject({ code: 'service.unavailable' });
    }
  });
});
