import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '@caravan/data-plane';
import { describeCertificate } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { issue, makeRoot } from '@caravan/testing/data-plane';
import { certificate, playBackboneSite } from '../backbone-site.fixture.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { SITE_ID } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';

describe('the access points of a site whose operator supplies their certificate', () => {
  const sites = useSites();
  const company = makeRoot();
  let plane: FakeManagementPlane;
  let dir: string;
  let bundle: ReturnType<typeof playBackboneSite>;
  beforeEach(async () => {
    plane = await sites.plane();
    bundle = playBackboneSite(plane, sites);
    dir = sites.directory();
  });

  const at = (file: string) => join(dir, 'supplied', 'site-server', file);
  const supply = (host = '127.0.0.1') => {
    const { chain, key } = issue(company, 'apiServer', { hosts: [host] });
    mkdirSync(at('.'), { recursive: true });
    for (const [file, text] of [
      ['tls.key', key],
      ['ca.crt', company.certificatePem],
      ['tls.crt', chain],
    ] as const)
      // prettier-ignore
      writeFileSync(at(file), text);
    return describeCertificate(chain);
  };
  const withdraw = () => rmSync(at('.'), { recursive: true });
  const enrolled = async (): Promise<TestSite> => {
    const site = await sites.start(dir, bundle());
    await site.run;
    return site;
  };
  const asked = () => plane.certificatesAsked.length;
  /** The certificates that whoever dials may be shown. */
  const shown = ({ plane: { latest } }: TestSite) => {
    const { certificateId = '', suppliedId = '' } = latest?.accessPoints[0] ?? {};
    return [certificateId, suppliedId].filter((id) => latest && id in latest.certificates).join();
  };
  const [ISSUED, SUPPLIED] = ['ap-p', 'supplied.server.site-server'];
  const proof = () => plane.reports.at(-1)?.proof;
  const stateOf = () => (plane.reports.at(-1)?.observation as Observation | undefined)?.items['certificate/ap-p'];

  it('are proven by it from the beginning, and none is asked for', async () => {
    const { fingerprint, subject } = supply();
    const site = await enrolled();
    await eventually('it is shown', () => shown(site) === SUPPLIED);
    await eventually('it is told', () => proof()?.fingerprint === fingerprint);
    expect(proof()).toMatchObject({ subject, trust: [company.certificatePem] });
    await eventually('it counts', () => stateOf()?.state === 'applied');
    await plane.desire(SITE_ID, [...plane.items.slice(0, 2), certificate(2)]);
    await eventually('it has heard', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    await eventually('a rotation need not wait', () => stateOf()?.state === 'applied');
    expect(asked()).toBe(0);

    withdraw();
    await eventually('one is issued', () => shown(site) === ISSUED);
    await eventually('that is told', () => proof() === null);
    expect(plane.certificatesAsked).toMatchObject([{ itemId: 'ap-p', ordinal: 2 }]);
  });

  it('go on showing what was issued to those who know of nothing else, until another is due', async () => {
    const site = await enrolled();
    await eventually('one is issued', () => shown(site) === ISSUED);
    expect(proof() ?? null).toBeNull();
    supply();
    await eventually('both are shown', () => shown(site) === `${ISSUED},${SUPPLIED}`);
    await plane.desire(SITE_ID, [...plane.items.slice(0, 2), certificate(2)]);
    await eventually('the other alone', () => shown(site) === SUPPLIED);
    expect(asked()).toBe(1);
  });

  it('are proven by what is issued where it does not fit, and the site says why', async () => {
    supply('elsewhere.example');
    const site = await enrolled();
    await eventually('one is issued', () => shown(site) === ISSUED);
    const trouble = site.controller.troubles.list().find(({ code }) => code === 'supplied.unusable');
    expect(trouble?.detail).toMatch(/site-server.* is not for 127\.0\.0\.1\. Where it does not, what is issued/);
    const { fingerprint } = supply();
    await eventually('it is told', () => proof()?.fingerprint === fingerprint);
    expect(site.controller.troubles.list()).toEqual([]);
  });
});
