import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JoinStep } from '@caravan/api';
import type { Identity } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { refusal } from '../management-plane.fixture.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { BACKBONE_ID, INVITATION_ID, NETWORK_ID, SITE_ID } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { INSTALLATION } from '../testing.fixture.js';

/** A certificate is valid from so long before it is signed on. */
const BACKDATE_MS = 5 * 60_000;

describe('a site that joins', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });
  const stepOf = ({ controller }: TestSite): JoinStep | undefined => controller.state.journal.joining?.status;
  const step = (site: TestSite, wanted: JoinStep) =>
    eventually(
      () => `${wanted}; it is ${stepOf(site)}`,
      () => stepOf(site) === wanted,
    );

  it('claims with the invitation, becomes a member, comes back as itself, and forgets what it came with', async () => {
    const dir = sites.directory();
    const site = await sites.start(dir, sites.invitation());
    await site.run;
    expect(plane.asked.map(({ subject }) => subject)).toEqual([`caravan.claim.${INVITATION_ID}`]);
    expect(site.controller.state.journal.joining).toMatchObject({
      status: 'joined',
      site: { role: 'member', siteId: SITE_ID, name: 'hq', network: { id: NETWORK_ID, name: 'retail' } },
    });
    await eventually('a report', () => plane.reports.length > 0);
    await eventually('it is itself', () => site.plane.latest?.siteId === SITE_ID);
    expect(Object.keys(site.plane.latest?.certificates ?? {})).toEqual(['site']);
    expect(site.plane.configurations[0]).toMatchObject({ siteId: expect.stringMatching(/^claimant-[0-9a-f]{32}$/) });
    await eventually('it forgets its claim', () => site.controller.state.certificates.get('claim') === undefined);
    const files = () => readdirSync(join(dir, 'state')).sort().join(' ');
    await eventually(
      () => `three files; there are ${files()}`,
      () => files() === 'certificate-site.sealed desired-state.sealed joining.sealed',
    );
  });

  it('waits while its certificate is not signed, and asks with the same request', async () => {
    const admit = plane.join;
    plane.join = () => ({ status: 'pending', siteId: SITE_ID, retryAfterMs: 50 });
    const site = await sites.start(sites.directory(), sites.invitation());
    await step(site, 'pending');
    await eventually('more than 2 questions', () => plane.asked.length > 2);
    plane.join = admit;
    await site.run;
    expect(stepOf(site)).toBe('joined');
    expect(new Set(plane.asked.map(({ csr }) => csr)).size).toBe(1);
  });

  it('asks again, for ever, when it is told that it may be later', async () => {
    const admit = plane.join;
    plane.join = () => refusal('network.not-started', 'later');
    const site = await sites.start(sites.directory(), sites.invitation());
    await eventually('more than 3 questions', () => plane.asked.length > 3);
    expect(site.controller.troubles.list()).toContainEqual(
      expect.objectContaining({ code: 'network.not-started', detail: 'refused: network.not-started' }),
    );
    plane.join = admit;
    await site.run;
    expect(site.controller.troubles.list().map(({ code }) => code)).not.toContain('network.not-started');
  });

  it('waits for its network to start, says until when, and is in by itself soon after', async () => {
    // So long that a machine that stands still for seconds does not take it into the network before it has asked.
    const start = Math.ceil(Date.now() / 1000) * 1000 + 5_000;
    const invitation = sites.invitation({ term: { now: new Date(start + BACKDATE_MS) } });
    const site = await sites.start(sites.directory(), invitation);
    const waits = () => site.controller.troubles.list().find(({ code }) => code === 'network.not-started');
    const { detail, since } = await eventually('it waits', waits);
    expect(detail).toContain(new Date(start).toISOString());
    expect(Date.parse(since)).toBeLessThan(start);
    // Nobody let it in to ask; the server does not take a certificate that is not valid yet.
    expect(plane.asked).toEqual([]);
    await site.run;
    expect(Date.now()).toBeGreaterThanOrEqual(start);
    expect(stepOf(site)).toBe('joined');
    expect(waits()).toBeUndefined();
  });

  it('ends, and says why, when its invitation is too old for anybody to let it in', async () => {
    const term = { now: new Date(Date.now() - BACKDATE_MS / 2), lifetimeMs: 3_000 };
    const site = await sites.start(sites.directory(), sites.invitation({ term }));
    expect(await site.run).toMatchObject({ code: 'certificate.expired', detail: expect.stringContaining('retail') });
    expect(plane.asked).toEqual([]);
    expect(stepOf(site)).toBe('refused');
  });

  it('ends with the code of a refusal that is for ever, also after a restart, until it is given its file again', async () => {
    const dir = sites.directory();
    plane.join = () => refusal('invitation.limit-reached', 'never');
    const expected = { code: 'invitation.limit-reached', detail: 'refused: invitation.limit-reached' };
    const site = await sites.start(dir, sites.invitation());
    expect(await site.run).toEqual(expected);
    await site.stop();
    expect(await (await sites.start(dir)).run).toEqual(expected);
    expect(plane.asked).toHaveLength(1);
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    const again = await sites.start(dir, sites.invitation());
    expect(await again.run).toBeUndefined();
    expect(stepOf(again)).toBe('joined');
    expect(plane.asked[1]?.csr).toBe(plane.asked[0]?.csr);
  });

  it('is not taken for what it did not ask to be', async () => {
    const admit = plane.join;
    plane.join = plane.admitMember(BACKBONE_ID, SITE_ID, [sites.link('site')]);
    const site = await sites.start(sites.directory(), sites.invitation());
    await eventually('joining.wrong-admission', () =>
      site.controller.troubles.list().some(({ code }) => code === 'joining.wrong-admission'),
    );
    expect(stepOf(site)).toBe('key-made');
    plane.join = admit;
    await site.run;
    expect(stepOf(site)).toBe('joined');
  });

  it('finds the management plane when that comes later', async () => {
    await sites.management().nats.kill();
    const site = await sites.start(sites.directory(), sites.invitation());
    await step(site, 'key-made');
    await eventually('management.away', () =>
      site.controller.troubles.list().some(({ code }) => code === 'management.away'),
    );
    await sites.management().nats.restart();
    await plane.start();
    await site.run;
    expect(stepOf(site)).toBe('joined');
  });

  it('has nothing secret in the clear on its disk, at any step; without its seal it would', async () => {
    const inTheClear = (dir: string): string[] =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => /PRIVATE KEY|BEGIN CERTIFICATE|caravan\.control/.test(readFileSync(file, 'latin1')));
    const dir = sites.directory();
    const admit = plane.join;
    plane.join = () => ({ status: 'pending', siteId: SITE_ID, retryAfterMs: 20 });
    const site = await sites.start(dir, sites.invitation());
    await step(site, 'pending');
    expect(inTheClear(dir)).toEqual([]);
    plane.join = admit;
    await site.run;
    expect(inTheClear(dir)).toEqual([]);
    const open = sites.directory();
    const unsealed = { close: (text: Buffer) => text, open: (text: Buffer) => text };
    await sites.prepare(open, sites.invitation(), { sealing: unsealed });
    expect(inTheClear(open)).toHaveLength(3);
  });

  describe('and is killed', () => {
    const never = () => new Promise<never>(() => undefined);

    /** Starts it, and takes the process away at the first moment that the step is on disk. */
    const killedAt = async (dir: string, wanted: JoinStep): Promise<void> => {
      if (wanted === 'invited') return void (await sites.prepare(dir, sites.invitation()));
      const site = await sites.start(dir, sites.invitation());
      const { journal, certificates, desired } = site.controller.state;
      await new Promise<void>((resolve) => {
        journal.onChange(() => {
          if (stepOf(site) !== wanted) return;
          // Nothing more of this run reaches the disk: what is there is what a kill leaves.
          for (const part of [journal, certificates, desired])
            Object.assign(part, { files: { write: never, remove: never } });
          resolve();
        });
      });
      sites.abandon(site);
    };

    it.each(['invited', 'key-made', 'pending', 'admitted', 'joined'] as const)(
      'goes on after %s, with one key, and is one member',
      async (wanted) => {
        const dir = sites.directory();
        const admit = plane.join;
        let questions = 0;
        plane.join = (id, csr) =>
          ++questions === 1 ? { status: 'pending', siteId: SITE_ID, retryAfterMs: 20 } : admit(id, csr);
        await killedAt(dir, wanted);
        const site = await sites.start(dir);
        expect(await site.run).toBeUndefined();
        expect(stepOf(site)).toBe('joined');
        await eventually('a report', () => plane.reports.length > 0);
        expect(new Set(plane.asked.map(({ csr }) => csr)).size).toBe(1);
        await eventually('it forgets its claim', () => site.controller.state.certificates.get('claim') === undefined);
      },
    );

    it('between the certificate and the end of the installation: it is installed once', async () => {
      const dir = sites.directory();
      await killedAt(dir, 'admitted');
      const first = await sites.start(dir);
      const { certificates, journal } = first.controller.state;
      await first.run;
      const held = certificates.get('site')?.held;
      await first.stop();
      // The journal as it was before: the last write of the installation is the one that was lost.
      await journal.write({
        status: 'admitted',
        origin: { ...(journal.joining as { site: object }).site, role: 'member' } as never,
        admission: { siteId: SITE_ID, name: 'hq', chain: held!.chain, items: [sites.link('site')] },
      });
      const again = await sites.start(dir);
      await again.run;
      expect(stepOf(again)).toBe('joined');
      expect(again.controller.state.certificates.get('site')?.held?.key.reveal()).toBe(held?.key.reveal());
    });
  });

  it('takes no other file into a directory that is a site', async () => {
    const dir = sites.directory();
    const site = await sites.start(dir, sites.invitation());
    await site.run;
    await site.stop();
    await expect(sites.start(dir, sites.invitation({ id: NETWORK_ID }))).rejects.toThrow('belongs to another site');
    await expect(sites.start(dir, sites.bundle([]))).rejects.toThrow('belongs to another site');
    const again = await sites.start(dir, sites.invitation());
    await again.run;
    expect(plane.asked).toHaveLength(1);
  });

  it('enrols as a backbone site with its bundle, and keeps the bootstrap certificate while a manage access point needs it', async () => {
    const manage = (certificateId: string) =>
      ({ kind: 'access-point', id: 'm', access: 'manage', bindHost: '127.0.0.1', bindPort: 0, certificateId }) as const;
    const certificate = {
      kind: 'certificate' as const,
      id: 'ap-m',
      purpose: 'access-point' as const,
      ordinal: 1,
      hosts: [],
    };
    plane.join = plane.admitBackboneSite(BACKBONE_ID, SITE_ID, [manage('ap-m')]);
    plane.items = [manage('ap-m'), certificate];
    plane.certificate = () => ({ status: 'pending', retryAfterMs: 20 });
    const site = await sites.start(sites.directory(), sites.bundle([manage('bootstrap')]));
    await site.run;
    expect(plane.asked[0]?.subject).toBe(`caravan.site.${SITE_ID}.enrol`);
    expect(site.controller.state.journal.joining).toMatchObject({
      site: { role: 'backbone', siteId: SITE_ID, backbone: { id: BACKBONE_ID, name: 'demo' } },
    });
    await eventually('more than 1 asked for', () => plane.certificatesAsked.length > 1);
    expect(site.plane.latest?.accessPoints[0]?.certificateId).toBe('bootstrap');
    const identity: Identity = {
      kind: 'access-point',
      installation: INSTALLATION,
      backboneId: BACKBONE_ID,
      accessPointId: 'm',
    };
    plane.certificate = (_, csr) => ({
      status: 'issued',
      certificateId: NETWORK_ID,
      chain: sites.management().authorities.sign('accessPoint', csr, identity, ['127.0.0.1']),
    });
    await eventually(
      'the access point has its own certificate',
      () => site.plane.latest?.accessPoints[0]?.certificateId === 'ap-m',
    );
    await eventually(
      'it forgets its bootstrap',
      () => site.controller.state.certificates.get('bootstrap') === undefined,
    );
  });

  it('needs no claim beside the management plane, and follows its NATS server to another port', async () => {
    const dir = sites.directory();
    const site = await sites.start(dir, sites.managementFile(1));
    await site.run;
    expect(stepOf(site)).toBe('joined');
    expect(site.controller.control.connected).toBe(false);
    await site.stop();
    const again = await sites.start(dir, sites.managementFile());
    await eventually('a report', () => plane.reports.length > 0);
    expect(plane.asked).toEqual([]);
    expect(again.controller.control.connected).toBe(true);
  });
});
