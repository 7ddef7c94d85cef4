import { describe, expect, it } from 'vitest';
import type { Event } from '@caravan/events';
import { accessPoint, accessPointRemoved, site, siteRemoved } from '../backbones/backbone.fixture.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { memberId, networkId, removed } from '../members/member.fixture.js';
import { concernOf } from './concern.js';
import { backboneId, enrolled, north, ofBackbone, ofInstallation, ofNetwork, world } from './rotating.fixture.js';

const phases = ['trust', 'listeners', 'diallers', 'retire'] as const;
const after = (...events: Event[]): Directory => {
  const directory = new Directory();
  for (const event of [...world, ...events]) directory.apply(event);
  directory.managementSites.set(id('management'), 'management');
  return directory;
};
const sites = (owner: typeof ofNetwork, directory: Directory) =>
  phases.map((phase) => [...concernOf({ owner, phase }, directory).sites].sort());
const management = id('management');

describe('a rotation concerns', () => {
  it('of a network: relays that let in, its members, and the relays again', () => {
    expect(sites(ofNetwork, after())).toEqual([[north], [], [memberId], [north]]);
  });

  it('of a backbone: everybody on it, its relays, those and the management plane, and everybody again', () => {
    const all = [north, memberId, management].sort();
    const managed = after(accessPoint('north/manage', 'manage'));
    expect(sites(ofBackbone, managed)).toEqual([all, [north], [north, management].sort(), all]);
    const [withoutIt, relays] = [[north, memberId].sort(), [north]];
    expect(sites(ofBackbone, after())).toEqual([withoutIt, relays, relays, withoutIt]); // it dials nobody there
  });

  it('of the installation: everybody, nobody, the management plane’s own, and everybody again', () => {
    const everybody = [north, memberId, management].sort();
    expect(sites(ofInstallation, after())).toEqual([everybody, [], [management], everybody]);
    const items = phases.map((phase) => concernOf({ owner: ofInstallation, phase }, after()).items);
    expect(items).toEqual([['control/'], [], ['certificate/site'], ['control/']]);
  });

  it('no relay without an entrance that is concerned, nor one that has not joined', () => {
    const south = id('south');
    expect(sites(ofNetwork, after(enrolled('south')))[0]).toEqual([north, south].sort());
    expect(sites(ofNetwork, after(enrolled('south'), accessPointRemoved('south/member')))[0]).toEqual([north]);
    const peers = [site('west'), accessPoint('west/peer', 'peer'), enrolled('west')];
    expect(sites(ofNetwork, after(...peers))[0]).toEqual([north]);
    expect(sites(ofBackbone, after(...peers))[1]).toEqual([north, id('west')].sort());
  });

  it('nobody who is gone, and nothing elsewhere', () => {
    expect(sites(ofNetwork, after(removed, siteRemoved('north')))).toEqual([[], [], [], []]);
    const elsewhere = { ...ofNetwork, networkId: id('other'), backboneId: id('other') } as typeof ofNetwork;
    expect(sites(elsewhere, after())).toEqual([[], [], [], []]);
  });

  it('the items of its own doors and certificates', () => {
    const items = (owner: typeof ofNetwork) => phases.map((phase) => concernOf({ owner, phase }, after()).items);
    const doors = [`admission/claim-${networkId}`, `admission/member-${networkId}`];
    expect(items(ofNetwork)).toEqual([doors, [], ['certificate/site'], doors]);
    const certificates = ['certificate/site', `certificate/manage-${backboneId}`];
    const own = ['peer', 'bootstrap', 'manage'].map((door) => `admission/${door}-${backboneId}`);
    expect(items(ofBackbone)).toEqual([own, ['certificate/ap-'], certificates, own]);
  });
});
