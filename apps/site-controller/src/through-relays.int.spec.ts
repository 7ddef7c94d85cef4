import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL_ADDRESS, serverNameOf } from '@caravan/data-plane';
import type {
  AccessKind,
  AccessPointItem,
  AdmissionItem,
  CertificateItem,
  Item,
  LinkItem,
  Reach,
} from '@caravan/data-plane';
import type { Identity } from '@caravan/pki';
import { eventually, freePort } from '@caravan/testing';
import { useManagement } from './control/management.fixture.js';
import { FakeManagementPlane, refusal } from './management-plane.fixture.js';
import { BACKBONE_ID, MANAGEMENT_ID, NETWORK_ID, SITE_ID, TestSites } from './site.fixture.js';
import { INSTALLATION } from './testing.fixture.js';

const MEMBER_ID = '0198c0de-0000-7000-8000-000000002222';
const relayMain = join(import.meta.dirname, '../../relay/bundle/main.js');

describe('a management site, a backbone site and a member, each with a relay of its own', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  const relays: ChildProcess[] = [];
  let plane: FakeManagementPlane;
  let root: string;
  let ports: Record<AccessKind, number>;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'caravan-relays-'));
    ports = { manage: await freePort(), claim: await freePort(), member: await freePort(), peer: 1 };
    plane = new FakeManagementPlane(management());
    await plane.start();
  });
  afterAll(async () => {
    await sites.end();
    await plane.stop();
    for (const relay of relays) relay.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  const startRelay = async (name: string): Promise<string> => {
    const socket = join(root, name, 'relay.sock');
    const env = { ...process.env, CARAVAN_PARENT: 'stdin' }; // it ends with this process, whatever happens to that
    relays.push(spawn(process.execPath, [relayMain, '--socket', socket], { stdio: ['pipe', 'ignore', 'ignore'], env }));
    await eventually('the relay listens', () => existsSync(socket));
    return socket;
  };

  const trust = (authority: 'infrastructureCa' | 'claimCa' | 'memberCa') => [management().authorities.pem(authority)];
  const reachOf: Record<'manage' | 'claim' | 'member', Reach> = {
    manage: { kind: 'management' },
    claim: { kind: 'control' },
    member: { kind: 'network', networkId: NETWORK_ID },
  };
  const owner = (access: keyof typeof reachOf) => (access === 'manage' ? BACKBONE_ID : NETWORK_ID);
  const accessPoint = (access: AccessKind, certificateId = `ap-${access}`): AccessPointItem => ({
    kind: 'access-point',
    id: access,
    access,
    bindHost: '127.0.0.1',
    bindPort: ports[access],
    certificateId,
  });
  const admission = (
    access: keyof typeof reachOf,
    authority: Parameters<typeof trust>[0],
    identity: string,
  ): AdmissionItem => ({
    kind: 'admission',
    id: `${access}-door`,
    access,
    serverName: serverNameOf(access, owner(access)),
    trust: trust(authority),
    identity: `spiffe://${INSTALLATION}/${identity}/*`,
    denied: [],
    reach: reachOf[access],
  });
  const link = (access: keyof typeof reachOf, certificateId: string): LinkItem => ({
    kind: 'link',
    id: `${access}-link`,
    access,
    host: '127.0.0.1',
    port: ports[access],
    serverName: serverNameOf(access, owner(access)),
    trust: trust('infrastructureCa'),
    certificateId,
    cost: 1,
    reach: reachOf[access],
  });
  const certificate = (id: string, purpose: CertificateItem['purpose']): CertificateItem => ({
    kind: 'certificate',
    id,
    purpose,
    ordinal: 1,
    hosts: purpose === 'access-point' ? ['127.0.0.1'] : [],
  });

  it('enrol, claim and work through each other: nobody but the management site reaches the NATS server', async () => {
    const { nats, authorities } = management();
    const manage = admission('manage', 'infrastructureCa', `backbone/${BACKBONE_ID}/manage`);
    const backboneItems: Item[] = [
      ...(['manage', 'claim', 'member'] as const).flatMap((access) => [
        accessPoint(access),
        certificate(`ap-${access}`, 'access-point'),
      ]),
      manage,
      admission('claim', 'claimCa', `network/${NETWORK_ID}/claim`),
      admission('member', 'memberCa', `network/${NETWORK_ID}/member`),
    ];
    const control = { kind: 'connector', id: 'control', networkId: null, address: CONTROL_ADDRESS } as const;
    plane.itemsOf = (siteId) => {
      if (siteId === SITE_ID) return backboneItems;
      if (siteId === MEMBER_ID) return [link('member', 'site')];
      return [
        { ...control, host: nats.host, port: nats.port },
        certificate('manage-link', 'manage-link'),
        link('manage', 'manage-link'),
      ];
    };
    plane.certificate = (itemId, csr) => {
      const isLink = itemId === 'manage-link';
      const identity: Identity = isLink
        ? { kind: 'manage-link', installation: INSTALLATION, backboneId: BACKBONE_ID, siteId: MANAGEMENT_ID }
        : { kind: 'access-point', installation: INSTALLATION, backboneId: BACKBONE_ID, accessPointId: itemId };
      const chain = isLink
        ? authorities.sign('manageLink', csr, identity)
        : authorities.sign('accessPoint', csr, identity, ['127.0.0.1']);
      return { status: 'issued', certificateId: NETWORK_ID, chain };
    };
    const admitMember = plane.admitMember(NETWORK_ID, MEMBER_ID, [link('member', 'site')]);
    const admitSite = plane.admitBackboneSite(BACKBONE_ID, SITE_ID, [accessPoint('manage'), manage]);
    plane.join = (id, csr) => (id === SITE_ID ? admitSite(id, csr) : refusal('network.not-started', 'later'));
    const reported = (appliedBy: string) =>
      plane.reportedBy.get(appliedBy)?.find(({ appliedRevision }) => appliedRevision === plane.revision);

    await sites.startWithRelay(await startRelay('m'), sites.managementFile());
    const bundle = sites.bundle([accessPoint('manage', 'bootstrap'), manage], ['127.0.0.1']);
    const backbone = await sites.startWithRelay(await startRelay('b'), bundle);
    await eventually('SITE_ID reports', () => reported(SITE_ID));
    expect(backbone.state.journal.joining).toMatchObject({ status: 'joined', site: { name: 'hq' } });
    await eventually('it forgets its bootstrap', () => backbone.state.certificates.get('bootstrap') === undefined);

    const member = await sites.startWithRelay(
      await startRelay('s'),
      sites.invitation({ links: [link('claim', 'claim')] }),
    );
    await eventually('network.not-started', () =>
      member.troubles.list().some(({ code }) => code === 'network.not-started'),
    );
    plane.join = admitMember;
    await eventually('MEMBER_ID reports', () => reported(MEMBER_ID));
    const items = () => Object.keys(member.observed?.items ?? {}).join();
    await eventually(
      () => `a link and nothing else; there is ${items()}`,
      () => items() === 'link/member-link',
    );
    await eventually('it is connected', () => member.control.connected);

    relays[1]!.kill('SIGKILL');
    await eventually('it is alone', () => !member.control.connected);
    expect(member.relayConnected).toBe(true);
  });
});
