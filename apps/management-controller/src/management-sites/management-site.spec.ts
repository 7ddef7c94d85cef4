import { describe, it } from 'vitest';
import {
  ManageLinkCertificateDue,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
  managementSiteEvents,
  ManagementSiteMoved,
  ManagementSiteRegistered,
} from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { csr, id, key } from '../example.fixture.js';
import { managementSite } from './management-site.js';

const { given } = specification(managementSite, managementSiteEvents);

const siteId = id('management');
const metadata = commandMetadata();

const at = (controlHost: string, controlPort = 4222) => ({ siteId, controlHost, controlPort });
const register = (...where: Parameters<typeof at>) =>
  ({ type: 'RegisterManagementSite', name: 'management', ...at(...where), metadata }) as const;
const registered = ManagementSiteRegistered({ name: 'management', ...at('127.0.0.1') });
const moved = (...where: Parameters<typeof at>) => ManagementSiteMoved(at(...where));

const certificateData = (by: string, { ordinal = 1, backbone = 'demo' } = {}) => ({
  siteId,
  backboneId: id(backbone),
  certificateId: id(`${backbone} ${ordinal} ${by}`),
  ordinal,
  claimantKey: key(by),
  csr,
});
const request = (...of: Parameters<typeof certificateData>) =>
  ({ type: 'RequestManageLinkCertificate', ...certificateData(...of), metadata }) as const;
const requested = (...of: Parameters<typeof certificateData>) => ManageLinkCertificateRequested(certificateData(...of));

describe('the management plane’s own site', () => {
  it('is registered at the first start; later starts tell nothing new', () => {
    given().when(register('127.0.0.1')).then(registered);
    given(registered).when(register('127.0.0.1')).thenNothing();
  });

  it('moves when the configuration says another place, and back', () => {
    given(registered).when(register('nats.internal')).then(moved('nats.internal'));
    given(registered).when(register('127.0.0.1', 4223)).then(moved('127.0.0.1', 4223));
    given(registered, moved('nats.internal')).when(register('nats.internal')).thenNothing();
    given(registered, moved('nats.internal')).when(register('127.0.0.1')).then(moved('127.0.0.1'));
  });

  it('asks once for its link certificate of each backbone and ordinal', () => {
    given(registered).when(request('its relay')).then(requested('its relay'));
    given(registered, requested('its relay')).when(request('its relay')).thenNothing();
    given(registered, requested('its relay'))
      .when(request('its relay', { backbone: 'prod' }))
      .then(requested('its relay', { backbone: 'prod' }));
    given(registered, requested('its relay'))
      .when(request('its relay', { ordinal: 2 }))
      .then(requested('its relay', { ordinal: 2 }));
  });

  it('asks anew with a key made after the first was lost', () => {
    given(registered, requested('its relay')).when(request('its new relay')).then(requested('its new relay'));
  });

  it('keeps what it asked for when it moves', () => {
    given(registered, requested('its relay'), moved('nats.internal')).when(request('its relay')).thenNothing();
  });

  it('asks once for what it is known by itself, for each ordinal and key', () => {
    const own = (by: string, ordinal = 2) => {
      const { backboneId: _, ...data } = certificateData(by, { ordinal });
      return data;
    };
    const ask = (...of: Parameters<typeof own>) =>
      ({ type: 'RequestManagementSiteCertificate', ...own(...of), metadata }) as const;
    const asked = (...of: Parameters<typeof own>) => ManagementSiteCertificateRequested(own(...of));
    given(registered).when(ask('it')).then(asked('it'));
    given(registered, asked('it')).when(ask('it')).thenNothing();
    given(registered, asked('it')).when(ask('it', 3)).then(asked('it', 3));
    given(registered, asked('it')).when(ask('another')).then(asked('another'));
    given(registered, asked('it'))
      .when(request('it', { ordinal: 2 }))
      .then(requested('it', { ordinal: 2 }));
    given().when(ask('it')).thenRejects('site.unknown', { siteId });
  });

  it('is nobody before it was registered', () => {
    given().when(request('its relay')).thenRejects('site.unknown', { siteId });
  });

  it('is to have another certificate for a backbone, once for each ordinal', () => {
    const of = (backbone: string, ordinal: number) => ({ siteId, backboneId: id(backbone), ordinal });
    const demand = (...what: Parameters<typeof of>) =>
      ({ type: 'RequireManageLinkCertificate', ...of(...what), metadata }) as const;
    const due = (...what: Parameters<typeof of>) => ManageLinkCertificateDue(of(...what));
    given(registered).when(demand('demo', 2)).then(due('demo', 2));
    given(registered, due('demo', 2)).when(demand('demo', 2)).thenNothing();
    given(registered, due('demo', 2)).when(demand('other', 2)).then(due('other', 2));
    given().when(demand('demo', 2)).thenRejects('site.unknown');
  });
});
