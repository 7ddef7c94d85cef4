import { describe, expect, it } from 'vitest';
import { admissionItemSchema, MOST_OF_A_PIN, MOST_PINNED } from '@caravan/data-plane';
import { linkCertificateSchema } from '@caravan/events';
import { example, member, memberRemoved } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { forLinks, suppliedFingerprint } from '../supplied.fixture.js';
import { revoked } from '../trust-events.fixture.js';

const toNorth = `member-${id('north member')}`;
const ofHq = (name?: string) => forLinks.ofMember('hq', 'retail', name === undefined ? {} : { [toNorth]: name });
const ofBranch = (name?: string) =>
  forLinks.ofMember('branch', 'retail', name === undefined ? {} : { [toNorth]: name });
const link = (folded: Folded, of: string) => folded.item(of, `link/${toNorth}`);
const pinned = (folded: Folded, door = `admission/member-${id('retail')}`) =>
  (folded.item('north', door) as { pinned?: { identity: string; certificate: string }[] }).pinned?.map(
    ({ identity, certificate }) => [identity.split('/').at(-1), certificate],
  );
const by = (name: string) => ({ suppliedFingerprint: suppliedFingerprint(name) });

describe('what operators supply for the links of their sites', () => {
  it('is pinned wherever the door stands, as theirs; and the site is told that it is', () => {
    const folded = new Folded();
    expect(folded.take(ofHq('till'))).toEqual(new Set(['hq', 'north', 'south'].map(id)));
    expect(pinned(folded)).toEqual([[id('hq'), pem('till')]]);
    expect(link(folded, 'hq')).toMatchObject(by('till'));
    expect(folded.take(ofHq('till'))).toEqual(new Set());
  });

  it('is replaced, and withdrawn', () => {
    const folded = new Folded();
    folded.take(ofHq('till'), ofHq('desk'));
    expect(pinned(folded)).toEqual([[id('hq'), pem('desk')]]);
    expect(link(folded, 'hq')).toMatchObject(by('desk'));
    folded.take(ofHq());
    expect(pinned(folded)).toBeUndefined();
    expect(link(folded, 'hq')).not.toHaveProperty('suppliedFingerprint');
  });

  it('is for one site alone: who comes later with the same has it when the first has left it', () => {
    const folded = new Folded([...example, member('branch', 'retail', ['north'])]);
    folded.take(ofHq('till'), ofBranch('till'));
    expect(pinned(folded)).toEqual([[id('hq'), pem('till')]]);
    expect(link(folded, 'branch')).not.toHaveProperty('suppliedFingerprint');
    expect(folded.take(ofHq())).toEqual(new Set(['hq', 'branch', 'north', 'south'].map(id)));
    expect(pinned(folded)).toEqual([[id('branch'), pem('till')]]);
    expect(link(folded, 'branch')).toMatchObject(by('till'));
  });

  it('is never what another supplied who said that it had the same: not after that one has left either', () => {
    const folded = new Folded([...example, member('branch', 'retail', ['north'])]);
    const ofFirst = ofHq('till');
    const linkCertificates = ofFirst.data.linkCertificates.map((each) => ({ ...each, certificate: pem('key of hq') }));
    folded.take({ ...ofFirst, data: { ...ofFirst.data, linkCertificates } }, ofBranch('till'), ofHq());
    expect(pinned(folded)).toEqual([[id('branch'), pem('till')]]);
  });

  it('waits while the door is full, and is pinned once there is room', () => {
    const names = Array.from({ length: MOST_PINNED + 1 }, (_, index) => `till ${index}`);
    const [first, last] = [names[0]!, names.at(-1)!];
    const folded = new Folded([...example, ...names.map((name) => member(name, 'retail', ['north']))]);
    folded.take(...names.map((name) => forLinks.ofMember(name, 'retail', { [toNorth]: name })));
    expect(pinned(folded)).toHaveLength(MOST_PINNED);
    expect(link(folded, last)).not.toHaveProperty('suppliedFingerprint');
    expect(folded.take(forLinks.ofMember(first, 'retail', {}))).toContain(id(last));
    expect(pinned(folded)).toHaveLength(MOST_PINNED);
    expect(pinned(folded)?.at(-1)).toEqual([id(last), pem(last)]);
    expect(link(folded, last)).toMatchObject(by(last));
  });

  it('is one for each link: of two the later, and nothing of it stays when that is withdrawn', () => {
    const folded = new Folded();
    folded.take(
      forLinks.ofMember('hq', 'retail', [
        [toNorth, 'till'],
        [toNorth, 'desk'],
      ]),
    );
    expect(pinned(folded)).toEqual([[id('hq'), pem('desk')]]);
    folded.take(ofHq());
    expect(pinned(folded)).toBeUndefined();
  });

  it.each([
    ['removed', memberRemoved('hq', 'retail')],
    ['revoked', revoked({ kind: 'member', memberId: id('hq'), networkId: id('retail'), backboneId: id('demo') })],
  ])('goes with a site that is %s', (_, gone) => {
    const folded = new Folded();
    folded.take(ofHq('till'), gone);
    expect(pinned(folded)).toBeUndefined();
  });

  it('is pinned at the peer door for backbone sites', () => {
    const folded = new Folded();
    folded.take(forLinks.ofSite('south', { [id('south-north')]: 'trunk' }));
    expect(pinned(folded, `admission/peer-${id('demo')}`)).toEqual([[id('south'), pem('trunk')]]);
    expect(folded.item('south', `link/${id('south-north')}`)).toMatchObject(by('trunk'));
    expect(pinned(folded)).toBeUndefined();
  });

  it.each([0, 1])('fits at the door whenever the event may hold it: %i characters beyond the most', (beyond) => {
    const { shape } = linkCertificateSchema;
    const begin = '-----BEGIN CERTIFICATE-----';
    const certificate = begin.padEnd(MOST_OF_A_PIN + beyond, 'A');
    const atDoor = admissionItemSchema.shape.pinned.safeParse([{ identity: 'spiffe://a/b', certificate }]);
    expect([shape.certificate.safeParse(certificate).success, atDoor.success]).toEqual([beyond === 0, beyond === 0]);
  });

  it('is nothing for a link that there is not, and of a site that there is not', () => {
    const folded = new Folded();
    folded.take(forLinks.ofMember('hq', 'retail', { elsewhere: 'till' }), forLinks.ofMember('nobody', 'retail', {}));
    expect(link(folded, 'hq')).not.toHaveProperty('suppliedFingerprint');
    expect(pinned(folded)).toBeUndefined();
  });
});
