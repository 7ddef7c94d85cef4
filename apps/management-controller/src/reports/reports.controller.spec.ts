import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemState } from '@caravan/data-plane';
import { backboneSiteStream, backboneStream, memberStream } from '@caravan/events';
import type { SuppliedProof } from '@caravan/events';
import { generateKeyPair, importPrivateKey, proveLinkKey, randomSerial, Secret, selfSignRoot } from '@caravan/pki';
import { InMemoryEventStore, Rejection } from '@caravan/event-store';
import { issue, makeRoot } from '@caravan/testing/data-plane';
import { commandMetadata } from '@caravan/testing/specification';
import { about, accessPointData, backboneId } from '../backbones/backbone.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import { csr, id, key } from '../example.fixture.js';
import { ReportsController } from './reports.controller.js';

const waiting: ItemState = { state: 'waiting', detail: 'the certificate is missing' };

describe('what a site reports of its access point', () => {
  let store: InMemoryEventStore;
  beforeEach(() => void (store = new InMemoryEventStore()));

  /** Where it is reached by then, as `host:port`. */
  const addressAfter = async (bound: { bindHost: string; bindPort: number }, host: string | null, said: ItemState) => {
    const deciders = new Deciders(store);
    const directory = new Directory();
    const given = { ...accessPointData('north/claim', 'claim'), ...bound };
    await deciders.backbone({ type: 'CreateBackbone', name: 'demo', ...about });
    await deciders.backbone({
      type: 'AddSite',
      siteId: id('north'),
      name: 'north',
      ...about,
      metadata: { ...about.metadata, commandId: 'site' },
    });
    await deciders.backbone({
      type: 'AddAccessPoint',
      ...about,
      ...given,
      metadata: { ...about.metadata, commandId: 'in' },
    });
    directory.accessPoints.set(given.accessPointId, { ...given, backboneId, byOperator: false });
    const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
    const controller = new ReportsController({ record: async () => undefined } as never, deciders, directory, clock);
    const observation = { items: { [`access-point/${given.accessPointId}`]: said }, links: [] };
    await controller.report(id('north'), { capability: 2, version: '1.0.0', appliedRevision: 1, host, observation });
    const last = (await store.read(backboneStream(backboneId))).events.at(-1);
    if (last?.type !== 'AccessPointAddressed') return undefined;
    const { host: at, port } = last.data as { host: string; port: number };
    return `${at}:${port}`;
  };
  const anywhere = { bindHost: '0.0.0.0', bindPort: 7443 };

  it('is where it was bound, at the host that its platform names or the one it is bound to', async () => {
    const bound: ItemState = { state: 'applied', port: 7444 };
    expect(await addressAfter({ ...anywhere, bindPort: 0 }, 'north.example', bound)).toBe('north.example:7444');
  });

  it('is the one host it is bound to, whatever its platform names', async () => {
    const bound: ItemState = { state: 'applied', port: 7444 };
    expect(await addressAfter({ bindHost: '192.0.2.1', bindPort: 0 }, 'north.example', bound)).toBe('192.0.2.1:7444');
  });

  it('is known before it listens where its port was chosen: it has no certificate before its host is known', async () => {
    expect(await addressAfter(anywhere, 'north.example', waiting)).toBe('north.example:7443');
  });

  it.each([
    ['its platform names no host', anywhere, null, waiting],
    ['any port will do', { ...anywhere, bindPort: 0 }, 'north.example', waiting],
    ['it could not be bound', anywhere, 'north.example', { state: 'failed' } as const],
    ['it has its certificate by its own host', { ...anywhere, bindHost: '192.0.2.1' }, 'north.example', waiting],
  ])('is no address where %s', async (_, bound, host, said) => {
    expect(await addressAfter(bound, host, said)).toBeUndefined();
  });
});

describe('what a site reports of its operator’s certificate', () => {
  const keyPair = generateKeyPair();
  const { certificatePem } = selfSignRoot({ commonName: 'company', keyPair, serial: randomSerial(), now: new Date() });
  const proof = {
    trust: [certificatePem],
    subject: 'CN=north',
    fingerprint: 'a'.repeat(64),
    notAfter: '2027-01-01T00:00:00.000Z',
  };
  const reported = async (...proofs: (SuppliedProof | null | undefined)[]): Promise<string[]> => {
    const store = new InMemoryEventStore();
    const directory = new Directory();
    directory.backboneSites.set(id('north'), { backboneId, enrolled: true, proof: null, linkCertificates: [] });
    const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
    const sightings = { record: async () => undefined } as never;
    const controller = new ReportsController(sightings, new Deciders(store), directory, clock);
    const report = {
      capability: 8,
      version: '1.0.0',
      appliedRevision: 1,
      host: null,
      observation: { items: {}, links: [] },
    };
    for (const one of proofs) {
      await controller.report(id('north'), { ...report, ...(one !== undefined && { proof: one }) });
      directory.apply({ type: 'BackboneSiteProofSupplied', data: { siteId: id('north'), ...(one ?? proof) } } as never);
    }
    return (await store.read(backboneSiteStream(id('north')))).events.map(({ type }) => type);
  };

  it('becomes an event when it is another, and nothing where it says nothing of it', async () => {
    expect(await reported(proof, proof)).toEqual(['BackboneSiteProofSupplied']);
    expect(await reported(undefined, null)).toEqual([]);
  });

  it('is refused where others could not read or trust it', async () => {
    const damaged = { ...proof, trust: ['-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n'] };
    await expect(reported(damaged)).rejects.toMatchObject({ code: 'site-server.unfit' });
  });
});

describe('what a site reports that is supplied for its links', () => {
  const supplied = (linkId: string, siteId: string) => {
    const { chain: certificate, key: pem } = issue(makeRoot(), 'serviceClient', { hosts: [linkId] });
    const proof = proveLinkKey({ siteId, certificate }, importPrivateKey(new Secret(pem)));
    return { linkId, certificate, proof };
  };
  const [site, member] = [id('north'), id('hq')];
  let directory: Directory;
  beforeEach(() => void (directory = new Directory()));
  /** The links of each event that it becomes, of a site that reports these one after the other. */
  const reported = async (siteId: string, ...reports: ReturnType<typeof supplied>[][]): Promise<string[][]> => {
    const store = new InMemoryEventStore();
    const [networkId, claimantKey] = [id('retail'), key('hq')];
    const admission = {
      ...{ memberId: member, networkId, backboneId, invitationId: id('i'), name: 'hq', siteClasses: [] },
      ...{ memberAccessPoints: [], claimantKey, certificateId: id('c'), csr, details: {} },
    };
    const deciders = new Deciders(store);
    await deciders.member({ type: 'AdmitMember', memberId: member, admission, metadata: commandMetadata() });
    directory.members.set(member, { networkId, backboneId, accessPoints: [], linkCertificates: [] });
    directory.backboneSites.set(site, { backboneId, enrolled: true, proof: null, linkCertificates: [] });
    const clock = { now: () => new Date('2026-01-01T12:00:00.000Z') };
    const controller = new ReportsController({ record: async () => undefined } as never, deciders, directory, clock);
    const stream = siteId === site ? backboneSiteStream(site) : memberStream(member);
    const all = async () => (await store.read(stream)).events;
    for (const linkCertificates of reports) {
      const about = { capability: 9, version: '1.0.0', appliedRevision: 1, host: null };
      const observation = { items: {}, links: [] };
      const before = (await all()).length;
      await controller.report(siteId, { ...about, observation, linkCertificates }).catch((error: unknown) => {
        if (!(error instanceof Rejection) || error.code !== 'link-certificate.unfit') throw error;
      });
      for (const event of (await all()).slice(before)) directory.apply(event);
    }
    return (await all()).flatMap(({ data }) => {
      const { linkCertificates } = data as { linkCertificates?: { linkId: string }[] };
      return linkCertificates ? [linkCertificates.map(({ linkId }) => linkId)] : [];
    });
  };

  it.each([
    ['a backbone site', site],
    ['a member', member],
  ])('becomes an event of %s when it is another', async (_, siteId) => {
    const [a, b] = [supplied('a', siteId), supplied('b', siteId)];
    expect(await reported(siteId, [], [a], [a], [b, a], [])).toEqual([['a'], ['a', 'b'], []]);
  });

  it('is taken so far as it is proven', async () => {
    const [a, stolen] = [supplied('a', member), supplied('b', id('another'))];
    expect(await reported(member, [a, stolen], [stolen])).toEqual([['a'], []]);
  });

  it('is taken of who is known, and of nobody else, while the directory stands still', async () => {
    directory.halted({ kind: 'garbled', position: 3, stream: 'caravan.evt.x.y.z', reason: 'not JSON' });
    expect(await reported(member, [supplied('a', member)])).toEqual([['a']]);
    expect(await reported(site, [supplied('a', site)])).toEqual([['a']]);
    expect(await reported(id('nobody'), [])).toEqual([]);
  });

  it('is nothing of a site that there is not', async () => {
    expect(await reported(id('nobody'), [supplied('a', id('nobody'))])).toEqual([]);
  });
});
