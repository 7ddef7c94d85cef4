import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { ManagementSiteMoved } from '@caravan/events';
import { accessPoint, addressed, backbone, example, site } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { authority, managementSiteAsked } from '../trust-events.fixture.js';

const demo = id('demo');

describe('the management site', () => {
  it('answers for caravan.control, outside of every network', () => {
    const folded = new Folded();
    const control = { kind: 'connector', id: 'control', networkId: null, address: 'caravan.control' };
    expect(folded.item('management', 'connector/control')).toEqual({ ...control, host: '127.0.0.1', port: 4222 });
    folded.take(ManagementSiteMoved({ siteId: id('management'), controlHost: 'nats.internal', controlPort: 4223 }));
    expect(folded.item('management', 'connector/control')).toEqual({ ...control, host: 'nats.internal', port: 4223 });
  });

  it('holds what it is known by, and the next once it has asked for that', () => {
    const folded = new Folded();
    expect(folded.item('management', 'certificate/site')).toBeUndefined();
    const before = folded.position;
    folded.take(managementSiteAsked(2));
    expect(folded.item('management', 'certificate/site')).toMatchObject({ purpose: 'site', ordinal: 2 });
    expect(folded.changesSince('management', before).items).toHaveLength(1);
  });

  it('dials every manage access point with the certificate of its backbone', () => {
    const folded = new Folded();
    expect(folded.item('management', `certificate/manage-${demo}`)).toEqual({
      kind: 'certificate',
      id: `manage-${demo}`,
      purpose: 'manage-link',
      ordinal: 1,
      hosts: [],
    });
    expect(folded.item('management', `link/manage-${id('north manage')}`)).toEqual({
      kind: 'link',
      id: `manage-${id('north manage')}`,
      access: 'manage',
      host: 'north.example',
      port: 7004,
      serverName: serverNameOf('manage', demo),
      trust: [pem('infrastructure demo 1')],
      certificateId: `manage-${demo}`,
      cost: 1,
      // A new site has nothing but its bundle's.
      identities: [
        `spiffe://acme/backbone/${demo}/access-point/${id('north manage')}`,
        `spiffe://acme/backbone/${demo}/bootstrap/${id('north')}`,
      ],
      reach: { kind: 'management' },
    });
  });

  it('holds no certificate of a backbone that it cannot dial', () => {
    const folded = new Folded([
      ...example,
      backbone('other'),
      authority('infrastructure', 'other'),
      site('far', 'other'),
    ]);
    folded.take(accessPoint('far', 'manage', { on: 'other' }));
    expect(folded.keys('management')).not.toContain(`certificate/manage-${id('other')}`);
    folded.take(addressed('far', 'manage', 'far.example', 7004));
    expect(folded.keys('management')).toContain(`certificate/manage-${id('other')}`);
    expect(folded.item('management', `link/manage-${id('far manage')}`)).toMatchObject({
      trust: [pem('infrastructure other 1')],
      certificateId: `manage-${id('other')}`,
    });
  });
});
