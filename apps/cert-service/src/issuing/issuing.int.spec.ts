import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AccessPointCertificateRequested,
  backboneSiteStream,
  BootstrapRequested,
  certificateStream,
  InvitationCredentialRequested,
  invitationStream,
  MemberAdmitted,
  memberStream,
} from '@caravan/events';
import { describeCertificate, verifyChain } from '@caravan/pki';
import { newId } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { CLAIMANT_KEY, csrOf, LONG_AGO, newIds, useInstallation } from '../installation.fixture.js';

const day = (days: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + days * 86_400_000).toISOString();

describe('issuing', () => {
  const installation = useInstallation();

  it('gives a member its place in the tree', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    const issued = await at.issued(ids.certificateId);
    expect(issued).toMatchObject({
      identity: `spiffe://acme/network/${ids.networkId}/member/${ids.memberId}`,
      holder: { kind: 'member', memberId: ids.memberId, networkId: ids.networkId },
      hosts: [],
      ordinal: 1,
    });
    const facts = describeCertificate(issued.certificate);
    expect(facts).toMatchObject({ uris: [issued.identity], hosts: [], usages: ['client'] });
    expect(issued.subject).not.toContain('evil');

    const [root, member, network, backbone, claim] = (await Promise.all(
      ['root', 'member', 'network', 'backbone', 'claim'].map((kind) => at.authority(kind)),
    )) as [string, string, string, string, string];
    expect(issued.chain).toEqual([member, network, backbone]);
    const verify = (intermediates: readonly string[], anchor: string) =>
      verifyChain(issued.certificate, intermediates, [anchor], new Date(), 'client').ok;
    expect(verify(issued.chain, root)).toBe(true);
    expect(verify([], member)).toBe(true);
    expect(verify(issued.chain, claim)).toBe(false);

    writeFileSync(join(at.directory, 'leaf.pem'), issued.certificate);
    writeFileSync(join(at.directory, 'chain.pem'), issued.chain.join(''));
    const options = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'chain.pem',
      'leaf.pem',
    ];
    expect(execFileSync('openssl', options, { cwd: at.directory, encoding: 'utf8' })).toContain('OK');
  });

  it('records who asked and why', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    await at.issued(ids.certificateId);
    const { events } = await at.log.read(certificateStream(ids.certificateId));
    const asked = memberStream(ids.memberId);
    expect(events[0]!.metadata).toMatchObject({
      source: 'cert-service',
      via: 'reaction',
      actor: { kind: 'service', id: 'cert-service' },
      correlationId: `request-${asked}`,
      causationId: `${asked}@${(await at.log.read(asked)).revision}#0`,
    });
  });

  it('gives the same certificate to the same request, whatever it says then', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    const first = await at.issued(ids.certificateId);
    const again = MemberAdmitted({
      ...ids,
      name: 'again',
      siteClasses: [],
      memberAccessPoints: [],
      details: {},
      claimantKey: CLAIMANT_KEY,
      csr: csrOf(),
    });
    await at.append(memberStream(ids.memberId), again);
    const behind = newIds({ networkId: ids.networkId, backboneId: ids.backboneId });
    await at.member(behind);
    await at.issued(behind.certificateId);
    expect(await at.issued(ids.certificateId)).toEqual(first);
    const { rowCount } = await at.pool.query('select 1 from certificates where certificate_id = $1', [
      ids.certificateId,
    ]);
    expect(rowCount).toBe(1);
  });

  it("signs nothing outside the network's window", async () => {
    const at = installation();
    await at.init();
    await at.start();
    const over = newIds();
    await at.backbone(over);
    await at.network(over, LONG_AGO, '2020-02-01T00:00:00.000Z');
    await at.member(over);
    expect(await at.refusal(over.certificateId)).toMatchObject({ code: 'network.ended' });

    const soon = newIds({ backboneId: over.backboneId });
    const [startsAt, endsAt] = [day(1), day(2)];
    await at.network(soon, startsAt, endsAt);
    const { invitationId, networkId, certificateId } = soon;
    const asked = InvitationCredentialRequested({ invitationId, networkId, certificateId, csr: csrOf() });
    await at.append(invitationStream(invitationId), asked);
    expect(await at.issued(certificateId)).toMatchObject({
      identity: `spiffe://acme/network/${networkId}/claim/${invitationId}`,
      notBefore: startsAt,
      notAfter: endsAt,
    });
  });

  it('signs nothing more when the network is over', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    const end = Date.now() + 3_000;
    await at.backbone(ids);
    await at.network(ids, LONG_AGO, new Date(end).toISOString());
    await eventually('it is over', () => Date.now() >= end);
    await at.member(ids);
    expect(await at.refusal(ids.certificateId)).toMatchObject({ code: 'network.ended' });
  });

  it('refuses what can never be signed, with a code, and goes on', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.backbone(ids);
    await at.network(ids);
    const forged = newIds({ networkId: ids.networkId, backboneId: ids.backboneId });
    const [one, two] = [csrOf(), csrOf()];
    await at.member(forged, one.slice(0, 200) + two.slice(200));
    await at.member(ids, csrOf('rsa-2048'));
    expect((await at.refusal(forged.certificateId)).code).toMatch(/^csr\./);
    expect(await at.issued(ids.certificateId)).toMatchObject({ holder: { kind: 'member' } });
  });

  it('takes hosts and ordinals of backbone sites from the event', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const { backboneId, certificateId } = newIds();
    const [siteId, accessPointId, bundle] = [newId(), newId(), newId()] as const;
    await at.backbone(newIds({ backboneId }));
    const site = { siteId, backboneId, csr: csrOf() };
    const stream = backboneSiteStream(siteId);
    await at.append(stream, BootstrapRequested({ ...site, certificateId: bundle, hosts: ['10.0.0.7'] }));
    const door = {
      accessPointId,
      certificateId,
      ordinal: 2,
      claimantKey: CLAIMANT_KEY,
      hosts: ['relay.example', '::1'],
    };
    await at.append(stream, AccessPointCertificateRequested({ ...site, ...door }));
    const { certificate } = await at.issued(bundle);
    expect(describeCertificate(certificate)).toMatchObject({ hosts: ['10.0.0.7'], usages: ['server', 'client'] });
    const server = await at.issued(certificateId);
    const identity = `spiffe://acme/backbone/${backboneId}/access-point/${accessPointId}`;
    expect(server).toMatchObject({ ordinal: 2, identity });
    expect(describeCertificate(server.certificate)).toMatchObject({
      hosts: ['relay.example', '::1'],
      usages: ['server'],
    });
  });
});
