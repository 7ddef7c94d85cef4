import { describe, it } from 'vitest';
import { AccessPointAdded } from '@caravan/events';
import { id } from '../example.fixture.js';
import {
  about,
  accessPoint,
  accessPointData,
  accessPointRemoved,
  addressed,
  backboneId,
  created,
  given,
  link,
  linkRemoved,
  site,
} from './backbone.fixture.js';

type Added = ReturnType<typeof accessPointData>;
const add = (path: string, changes: Partial<Added> = {}) =>
  ({ type: 'AddAccessPoint', ...accessPointData(path), ...changes, ...about }) as const;
const setByHand = (path: string, host: string, port = 7443) =>
  ({ type: 'AddressAccessPoint', accessPointId: id(path), host, port, ...about }) as const;
const report = (by: string, path: string, host: string, port = 7443) =>
  ({ ...setByHand(path, host, port), reportedBy: id(by) }) as const;
const remove = (path: string) => ({ type: 'RemoveAccessPoint', accessPointId: id(path), ...about }) as const;

const sites = [created, site('north'), site('south')];

describe('an access point', () => {
  it('is added once, with or without an address', () => {
    given(...sites)
      .when(add('north/in'))
      .then(accessPoint('north/in'));
    given(...sites, accessPoint('north/in'))
      .when(add('north/in'))
      .thenNothing();
    const given443 = { host: 'north.example', port: 443 };
    given(...sites)
      .when(add('north/in', given443))
      .then(AccessPointAdded({ backboneId, ...accessPointData('north/in'), ...given443 }));
  });

  it('has a name that no other at its site has; at another site it is free', () => {
    given(...sites, accessPoint('north/in'))
      .when(add('north/in', { accessPointId: id('another'), kind: 'claim' }))
      .thenRejects('access-point.name-taken', { name: 'in' });
    given(...sites, accessPoint('north/in'))
      .when(add('south/in'))
      .then(accessPoint('south/in'));
    given(...sites, accessPoint('north/in'), accessPointRemoved('north/in'))
      .when(add('north/in', { accessPointId: id('another') }))
      .then(AccessPointAdded({ backboneId, ...accessPointData('north/in'), accessPointId: id('another') }));
  });

  it('has a whole address or none', () => {
    for (const half of [
      { host: 'north.example', port: null },
      { host: null, port: 443 },
    ]) {
      given(...sites)
        .when(add('north/in', half))
        .thenRejects('access-point.address-incomplete', half);
    }
  });

  it('belongs to a site of the backbone', () => {
    given(created)
      .when(add('north/in'))
      .thenRejects('backbone-site.unknown', { siteId: id('north') });
  });

  it('is removed once no link dials it', () => {
    const dialled = [...sites, accessPoint('north/in'), link('south', 'north/in')];
    given(...dialled)
      .when(remove('north/in'))
      .thenRejects('access-point.has-links', { accessPointId: id('north/in') });
    given(...dialled, linkRemoved('south', 'north/in'))
      .when(remove('north/in'))
      .then(accessPointRemoved('north/in'));
    given(...sites)
      .when(remove('north/in'))
      .thenRejects('access-point.unknown', { accessPointId: id('north/in') });
  });
});

describe('the address of an access point', () => {
  const waiting = [...sites, accessPoint('north/in')];

  it('is what its site reports, as often as it changes', () => {
    const first = addressed('north/in', '192.0.2.1', 7443, 'site');
    given(...waiting)
      .when(report('north', 'north/in', '192.0.2.1'))
      .then(first);
    given(...waiting, first)
      .when(report('north', 'north/in', '192.0.2.1'))
      .thenNothing();
    given(...waiting, first)
      .when(report('north', 'north/in', '192.0.2.2', 8443))
      .then(addressed('north/in', '192.0.2.2', 8443, 'site'));
  });

  it('is what the operator set, whatever the site reports then', () => {
    const set = addressed('north/in', 'north.example', 443, 'operator');
    given(...waiting, set)
      .when(report('north', 'north/in', '192.0.2.1'))
      .thenNothing();
    given(...sites, accessPoint('north/in', 'peer', 'north.example'))
      .when(report('north', 'north/in', '192.0.2.1'))
      .thenNothing();
    given(...waiting, addressed('north/in', '192.0.2.1', 7443, 'site'), set)
      .when(report('north', 'north/in', '192.0.2.1'))
      .thenNothing();
  });

  it('is changed by the operator later, over what the site reported and over what was set', () => {
    for (const source of ['site', 'operator'] as const) {
      given(...waiting, addressed('north/in', '192.0.2.1', 7443, source))
        .when(setByHand('north/in', 'north.example', 443))
        .then(addressed('north/in', 'north.example', 443, 'operator'));
    }
  });

  it('is the operator’s word also when it is what the site had reported: later reports do not move it', () => {
    given(...waiting, addressed('north/in', '192.0.2.1', 7443, 'site'))
      .when(setByHand('north/in', '192.0.2.1'))
      .then(addressed('north/in', '192.0.2.1', 7443, 'operator'));
  });

  it('is nothing that another site may speak of: it learns not even that it exists', () => {
    const hostile = report('south', 'north/in', '203.0.113.66');
    given(...waiting)
      .when(hostile)
      .thenRejects('access-point.unknown', { accessPointId: id('north/in') });
    given(...waiting, addressed('north/in', '192.0.2.1', 7443, 'site'))
      .when(hostile)
      .thenRejects('access-point.unknown');
    given(...sites)
      .when(hostile)
      .thenRejects('access-point.unknown', { accessPointId: id('north/in') });
    given(...waiting)
      .when(report('stranger', 'north/in', '203.0.113.66'))
      .thenRejects('access-point.unknown');
  });
});
