import type { SiteFile } from '@caravan/api';
import type { AccessPointItem, CertificateItem } from '@caravan/data-plane';
import type { CertificateReply } from '@caravan/events';
import type { Identity } from '@caravan/pki';
import type { TestManagement } from './control/management.fixture.js';
import type { FakeManagementPlane } from './management-plane.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID } from './site.fixture.js';
import type { TestSites } from './site.fixture.js';
import { INSTALLATION } from './testing.fixture.js';

/** An access point of a backbone site that asks for any port, and its certificate. */
export const peer: AccessPointItem = {
  kind: 'access-point',
  id: 'p',
  access: 'peer',
  bindHost: '127.0.0.1',
  bindPort: 0,
  certificateId: 'ap-p',
};
export const certificate = (ordinal = 1): CertificateItem => ({
  kind: 'certificate',
  id: 'ap-p',
  purpose: 'access-point',
  ordinal,
  hosts: ['127.0.0.1'],
});
export const peerIdentity: Identity = {
  kind: 'access-point',
  installation: INSTALLATION,
  backboneId: BACKBONE_ID,
  accessPointId: 'p',
};
export const issuing =
  (management: () => TestManagement) =>
  (_: string, csr: string): CertificateReply => ({
    status: 'issued',
    certificateId: NETWORK_ID,
    chain: management().authorities.sign('accessPoint', csr, peerIdentity, ['127.0.0.1']),
  });

/** A management plane that admits `SITE_ID` as a backbone site with that access point, and signs its certificate. Answers its bundle. */
export function playBackboneSite(plane: FakeManagementPlane, sites: TestSites): (position?: number) => SiteFile {
  const items = [sites.link('site', 'peer'), peer];
  plane.join = plane.admitBackboneSite(BACKBONE_ID, SITE_ID, items);
  plane.items = [...items, certificate()];
  plane.certificate = issuing(sites.management);
  return (position) => sites.bundle([sites.link('bootstrap', 'peer')], [], position);
}
