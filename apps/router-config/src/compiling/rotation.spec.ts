import { describe, expect, it } from 'vitest';
import { MemberCertificateRequested, NetworkWithdrawn } from '@caravan/events';
import { member, site } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { authority, due, rotated } from '../trust-events.fixture.js';

const demo = id('demo');
const retail = id('retail');
const door = (kind: string, of = retail) => `admission/${kind}-${of}`;
const own = { kind: 'certificate', id: 'site', purpose: 'site', hosts: [] };

const everybody = ['north', 'south', 'hq', 'agency', 'management'];
const CONTROL = 'control/control';

describe('a rotation of the installation', () => {
  it('tells every site by what it knows the management plane: both while it lasts, and then the new one', () => {
    const folded = new Folded();
    for (const name of everybody) expect(folded.item(name, CONTROL)).toBeUndefined(); // it came with the first
    const trusted = () => everybody.map((name) => (folded.item(name, CONTROL) as { trust: string[] }).trust);
    const [first, second] = [pem('management all 1'), pem('management all 2')];
    expect(folded.take(authority('management', 'all', 2))).toEqual(new Set(everybody.map(id)));
    expect(trusted()).toEqual(everybody.map(() => [second, first]));
    for (const phase of ['listeners', 'diallers'] as const) folded.take(rotated('installation', 'all', phase));
    expect(trusted()).toEqual(everybody.map(() => [second, first]));
    expect(folded.take(rotated('installation', 'all', 'retire'))).toEqual(new Set(everybody.map(id)));
    expect(trusted()).toEqual(everybody.map(() => [second]));
  });

  it('tells it to who comes later, and to nobody in a file', () => {
    const folded = new Folded();
    folded.take(authority('management', 'all', 2), member('late', 'retail', ['north']), site('new'));
    for (const name of ['late', 'new']) expect(folded.item(name, CONTROL)).toBeDefined();
    for (const file of [folded.states.bundle(id('south')), folded.states.invitation(id('store'))]) {
      expect(file.map(({ kind }) => kind)).not.toContain('control');
    }
  });

  it('has the management site hold another certificate once everybody would take it', () => {
    const folded = new Folded();
    folded.take(authority('management', 'all', 2), rotated('installation', 'all', 'listeners'));
    expect(folded.item('management', 'certificate/site')).toBeUndefined();
    expect(folded.take(rotated('installation', 'all', 'diallers'))).toEqual(new Set([id('management')]));
    expect(folded.item('management', 'certificate/site')).toMatchObject({ ordinal: 2 });
  });

  it('opens no door by the authority of the management plane', () => {
    const folded = new Folded();
    folded.take(authority('management', 'all', 2));
    const doors = folded.items('north').filter((item) => item.kind === 'admission');
    expect(JSON.stringify(doors)).not.toContain('management all');
  });
});

describe('while the authorities of a network rotate', () => {
  it('both are trusted from when the new one is there', () => {
    const folded = new Folded();
    folded.take(authority('member', 'retail', 2));
    expect(folded.item('north', door('member'))).toMatchObject({
      trust: [pem('member retail 2'), pem('member retail 1')],
    });
    expect(folded.item('north', door('member'))).not.toHaveProperty('retired');
  });

  it('its members are asked for their next certificate, and others are not', () => {
    const folded = new Folded();
    expect(folded.item('hq', 'certificate/site')).toBeUndefined();
    folded.take(rotated('network', 'retail', 'diallers'));
    expect(folded.item('hq', 'certificate/site')).toEqual({ ...own, ordinal: 2 });
    expect(folded.item('agency', 'certificate/site')).toBeUndefined();
    folded.take(member('branch', 'retail', ['north']), rotated('network', 'retail', 'diallers', 3));
    expect(folded.item('hq', 'certificate/site')).toMatchObject({ ordinal: 3 });
    // It joined under the second authority.
    expect(folded.item('branch', 'certificate/site')).toMatchObject({ ordinal: 2 });
  });

  it('the old one retires: nobody comes in by it, whoever is in may stay', () => {
    const folded = new Folded();
    for (const kind of ['claim', 'member'] as const) folded.take(authority(kind, 'retail', 2));
    folded.take(rotated('network', 'retail', 'retire'));
    for (const kind of ['claim', 'member']) {
      expect(folded.item('north', door(kind))).toMatchObject({
        trust: [pem(`${kind} retail 2`)],
        retired: [pem(`${kind} retail 1`)],
      });
    }
    expect(folded.item('north', door('member', id('travel')))).not.toHaveProperty('retired');
  });

  it('the newest one never retires', () => {
    const folded = new Folded();
    folded.take(rotated('network', 'retail', 'retire', 7));
    expect(folded.item('north', door('member'))).toMatchObject({ trust: [pem('member retail 1')] });
    expect(folded.item('north', door('member'))).not.toHaveProperty('retired');
  });

  it('nothing is asked of a network that is over', () => {
    const folded = new Folded();
    folded.take(NetworkWithdrawn({ backboneId: demo, networkId: retail }));
    expect([...folded.take(rotated('network', 'retail', 'diallers'))]).toEqual([]);
    expect(folded.item('hq', 'certificate/site')).toBeUndefined();
  });
});

describe('a certificate that somebody wants anew', () => {
  it('is asked for once, also when it was asked for by its age before', () => {
    const folded = new Folded();
    folded.take(due.member('hq', 2));
    expect(folded.item('hq', 'certificate/site')).toEqual({ ...own, ordinal: 2 });
    folded.take(due.member('hq', 2));
    expect(folded.item('hq', 'certificate/site')).toMatchObject({ ordinal: 2 });
    const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
    const asked = { certificateId: id('third'), claimantKey: '0'.repeat(64), csr };
    folded.take(MemberCertificateRequested({ memberId: id('hq'), networkId: retail, ordinal: 3, ...asked }));
    expect(folded.item('hq', 'certificate/site')).toMatchObject({ ordinal: 3 });
    folded.take(rotated('network', 'retail', 'diallers'));
    expect(folded.item('hq', 'certificate/site')).toMatchObject({ ordinal: 4 });
  });
});

describe('while the authorities of a backbone rotate', () => {
  it('access points are asked for certificates first, then sites and the management plane', () => {
    const folded = new Folded();
    const certificates = (siteName: string) =>
      folded.states
        .site(id(siteName))
        .flatMap((item) => (item.kind === 'certificate' ? [[item.id, item.ordinal]] : []));
    const before = certificates('north');
    expect(before.length).toBeGreaterThan(0);
    folded.take(rotated('backbone', 'demo', 'listeners'));
    expect(certificates('north')).toEqual(before.map(([each]) => [each, 2]));
    expect(certificates('management')).toEqual([[`manage-${demo}`, 1]]);
    folded.take(rotated('backbone', 'demo', 'diallers'));
    expect(certificates('north')).toEqual([['site', 2], ...before.map(([each]) => [each, 2])]);
    expect(certificates('management')).toEqual([[`manage-${demo}`, 2]]);
    expect(certificates('hq')).toEqual([]);
  });

  it('whoever dials keeps its links by the old one', () => {
    const folded = new Folded();
    folded.take(authority('infrastructure', 'demo', 2), rotated('backbone', 'demo', 'retire'));
    const trusts = { trust: [pem('infrastructure demo 2')], retired: [pem('infrastructure demo 1')] };
    expect(folded.item('hq', `link/member-${id('north member')}`)).toMatchObject(trusts);
    expect(folded.item('south', `link/${id('south-north')}`)).toMatchObject(trusts);
    expect(folded.item('north', door('peer', demo))).toMatchObject(trusts);
    expect(folded.item('management', `link/manage-${id('north manage')}`)).toMatchObject(trusts);
  });
});
