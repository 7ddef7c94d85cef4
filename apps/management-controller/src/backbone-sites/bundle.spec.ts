import { beforeEach, describe, expect, it } from 'vitest';
import { BackboneSiteEnrolled } from '@caravan/events';
import type { Event } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { accessPoint, backboneId, created, link, site } from '../backbones/backbone.fixture.js';
import { established, issued } from '../certificates/certificate.fixture.js';
import { LockedOut } from '../certificates/locked-out.js';
import { Issuing } from '../certificates/issuing.js';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import { answering } from '../desired-state/desired-state.fixture.js';
import { csr, id, key } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { rotatedOn } from '../site-endpoints/recoveries.fixture.js';
import { newCsr } from '../site-endpoints/site-endpoint.fixture.js';
import { BackboneSitesController } from './backbone-sites.controller.js';

const DAY = 86_400_000;
const metadata = { ...commandMetadata(), commandId: 'bundle' };
const paper = [created, site('north'), site('south'), established('management')];

describe('the bundle of a backbone site', () => {
  let store: InMemoryEventStore;
  let directory: Directory;
  beforeEach(() => {
    store = new InMemoryEventStore();
    directory = new Directory();
  });

  const ask = (...events: Event[]) => {
    const issuing = Object.assign(new Issuing(store), { within: async () => ({ ...issued(id('x')), position: 1 }) });
    const { desiredState } = answering({ revision: 1, items: [] });
    const [deciders, readModels, nobodySeen] = [new Deciders(store), readModelsOf(...events), {} as never];
    const lockedOut = new LockedOut(
      readModels,
      directory,
      new CurrentDirectory(directory, { catchUp: async () => true }),
    );
    const services = [deciders, readModels, nobodySeen, issuing, desiredState, lockedOut] as const;
    const controller = new BackboneSitesController(...services, 'demo', 30 * DAY);
    const idFor = (what: string) => derivedId(what, metadata.commandId);
    const params = { backboneId, siteId: id('north') };
    return controller.bundle({ params, query: {}, body: { csr: newCsr() }, metadata, idFor } as never);
  };
  const refused = (names: string) => ({
    code: 'bundle.no-address-yet',
    details: {
      detail: expect.stringContaining(`Nobody would ever hear of north: no address is known of ${names}. Say`),
    },
  });

  it('is refused while nobody knows where to dial it: nothing is signed for a file that leads nowhere', async () => {
    const { position } = store;
    const made = ask(...paper, accessPoint('north/manage', 'manage'), accessPoint('north/peer', 'peer', 'n.example'));
    await expect(made).rejects.toMatchObject(refused('north/manage'));
    expect(store.position).toBe(position);
  });

  it('is refused while it would not know whom to dial', async () => {
    const made = ask(...paper, accessPoint('south/peer', 'peer'), link('north', 'south/peer'));
    await expect(made).rejects.toMatchObject(refused('south/peer'));
  });

  it.each([
    ['it is dialled', [accessPoint('north/manage', 'manage', 'north.example')]],
    ['it dials', [accessPoint('south/peer', 'peer', 's.example'), link('north', 'south/peer')]],
  ])('is made when it is known where %s, whatever else has no address', async (_, ways) => {
    const without = accessPoint('north/other', 'manage');
    await expect(ask(...paper, without, ...ways)).resolves.toMatchObject({ position: 1 });
  });

  describe('that has enrolled', () => {
    const of = { siteId: id('north'), backboneId };
    const enrolment = { ...of, certificateId: id('first'), claimantKey: key('north'), csr };
    /** Its own certificate ended so many days ago. */
    const overSince = async (days: number) => {
      await new Deciders(store).backboneSite({ type: 'EnrolSite', ...enrolment, metadata: commandMetadata() });
      const notAfter = new Date(metadata.now.getTime() - days * DAY).toISOString();
      const certificate = issued(id('first'));
      const own = { ...certificate, data: { ...certificate.data, holder: { kind: 'backbone-site', ...of }, notAfter } };
      return ask(...paper, BackboneSiteEnrolled(enrolment), own);
    };

    it('is made again when its certificate is over, for as long as it may come back', async () => {
      await expect(overSince(1)).resolves.toMatchObject({ position: 1 });
      await expect(overSince(31)).rejects.toMatchObject({ code: 'recovery.too-late' });
    });

    it('is made again when a rotation has gone on without it, and for no longer than otherwise', async () => {
      for (const event of rotatedOn('listeners')) directory.apply({ ...event, position: 1_000, at: '' });
      await expect(overSince(-1)).resolves.toMatchObject({ position: 1 });
      await expect(overSince(31)).rejects.toMatchObject({ code: 'recovery.too-late' });
    });

    it('is not while it can come in by itself', async () => {
      await expect(overSince(-1)).rejects.toMatchObject({ code: 'backbone-site.already-enrolled' });
    });
  });

  it('is made of a site that is on paper only', async () => {
    await expect(ask(...paper)).resolves.toMatchObject({ position: 1 });
  });
});
