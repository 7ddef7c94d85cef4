import { describe, it } from 'vitest';
import { LinkAdded, LinkCostChanged } from '@caravan/events';
import type { AccessKind } from '@caravan/events';
import { id } from '../example.fixture.js';
import {
  about,
  accessPoint,
  backboneId,
  created,
  given,
  link,
  linkData,
  linkRemoved,
  site,
} from './backbone.fixture.js';

const add = (from: string, to: string, changes: { linkId?: string; cost?: number } = {}) =>
  ({ type: 'AddLink', ...linkData(from, to), ...changes, ...about }) as const;
const changeCost = (cost: number) =>
  ({ type: 'ChangeLinkCost', linkId: linkData('south', 'north/in').linkId, cost, ...about }) as const;
const remove = { type: 'RemoveLink', linkId: linkData('south', 'north/in').linkId, ...about } as const;

const names = ['north', 'south', 'west'];
const topology = [
  created,
  ...names.map(site),
  ...names.map((name) => accessPoint(`${name}/in`)),
  accessPoint('north/second'),
];
const linked = [...topology, link('south', 'north/in')];

describe('a link', () => {
  it('is added once, and says which end dials', () => {
    given(...topology)
      .when(add('south', 'north/in'))
      .then(link('south', 'north/in'));
    given(...linked)
      .when(add('south', 'north/in'))
      .thenNothing();
  });

  it('closes a ring: three sites have three links', () => {
    given(...linked, link('west', 'south/in'))
      .when(add('north', 'west/in', { cost: 5 }))
      .then(link('north', 'west/in', 5));
  });

  it('is the only one between its two sites, whoever dials and wherever', () => {
    for (const double of [
      add('south', 'north/in', { linkId: id('the same again') }),
      add('south', 'north/second'),
      add('north', 'south/in'),
    ]) {
      given(...linked)
        .when(double)
        .thenRejects('link.exists-already');
    }
  });

  it('may be made again, also the other way round, once it was removed', () => {
    given(...linked, linkRemoved('south', 'north/in'))
      .when(add('north', 'south/in'))
      .then(link('north', 'south/in'));
    const linkId = id('again');
    given(...linked, linkRemoved('south', 'north/in'))
      .when(add('south', 'north/in', { linkId }))
      .then(LinkAdded({ backboneId, ...linkData('south', 'north/in'), linkId, acceptingSiteId: id('north') }));
  });

  it('leads to another site', () => {
    given(...topology)
      .when(add('north', 'north/in'))
      .thenRejects('link.to-itself', { siteId: id('north') });
  });

  it('dials peer access points only', () => {
    for (const kind of ['claim', 'member', 'manage'] satisfies AccessKind[]) {
      given(created, ...names.map(site), accessPoint('north/in', kind))
        .when(add('south', 'north/in'))
        .thenRejects('link.not-a-peer-access-point', { kind });
    }
  });

  it('stays on one backbone: what is elsewhere is unknown here, at either end', () => {
    given(...topology)
      .when(add('foreign', 'north/in'))
      .thenRejects('backbone-site.unknown', { siteId: id('foreign') });
    given(...topology)
      .when(add('south', 'foreign/in'))
      .thenRejects('access-point.unknown', { accessPointId: id('foreign/in') });
  });

  it('changes its cost', () => {
    const { linkId } = linkData('south', 'north/in');
    given(...linked)
      .when(changeCost(7))
      .then(LinkCostChanged({ backboneId, linkId, cost: 7 }));
    given(...linked)
      .when(changeCost(1))
      .thenNothing();
    given(...linked, LinkCostChanged({ backboneId, linkId, cost: 7 }))
      .when(changeCost(7))
      .thenNothing();
  });

  it('is removed once; then it is unknown', () => {
    given(...linked)
      .when(remove)
      .then(linkRemoved('south', 'north/in'));
    for (const command of [remove, changeCost(7)]) {
      given(...topology)
        .when(command)
        .thenRejects('link.unknown');
      given(...linked, linkRemoved('south', 'north/in'))
        .when(command)
        .thenRejects('link.unknown');
    }
  });
});
