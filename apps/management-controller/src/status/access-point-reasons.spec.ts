import { describe, expect, it } from 'vitest';
import type { Item, Observation } from '@caravan/data-plane';
import { answering } from '../desired-state/desired-state.fixture.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { StatusController } from './status.controller.js';

const siteId = id('north');
const missing = { state: 'waiting', detail: 'the certificate ap-claim is missing' } as const;
const bind = { access: 'claim', bindHost: '0.0.0.0', bindPort: 0 } as const;
const accessPoint: Item = { kind: 'access-point', id: 'claim', certificateId: 'ap-claim', ...bind };
const certificate: Item = { kind: 'certificate', id: 'ap-claim', purpose: 'access-point', ordinal: 1, hosts: ['h'] };

/** What the API says of the items of a site that says this of them, and is to have those. */
const shown = async (items: Observation['items'], desired: readonly Item[]) => {
  const directory = new Directory();
  directory.backboneSites.set(siteId, { backboneId: id('demo'), enrolled: true, proof: null, linkCertificates: [] });
  const { desiredState } = answering({ revision: 1, items: desired });
  const sightings = { of: async () => ({ siteId, appliedRevision: 1, observation: { items, links: [] } }) };
  const unused = {} as never;
  const controller = new StatusController(
    unused,
    directory,
    desiredState,
    sightings as never,
    unused,
    unused,
    unused,
    unused,
    'demo',
  );
  return (await controller.site({ params: { siteId } } as never)).observed?.items;
};

describe('why an access point waits', () => {
  it('is that its host is not known, where it is not even to have a certificate', async () => {
    expect(await shown({ 'access-point/claim': missing }, [accessPoint])).toEqual({
      'access-point/claim': { state: 'waiting', detail: expect.stringContaining('its host is not known') },
    });
  });

  it.each([
    ['that has one on its way', { 'access-point/claim': missing }, [accessPoint, certificate]],
    ['that listens', { 'access-point/claim': { state: 'applied', port: 7443 } as const }, [accessPoint]],
    ['that the site has not heard of', {}, [accessPoint]],
    ['that is no more', { 'access-point/claim': missing }, []],
  ])('is what the site says of one %s', async (_, said, desired) => {
    expect(await shown(said, desired)).toEqual(said);
  });
});
