import { createHash } from 'node:crypto';
import { BackboneSiteProofSupplied, BackboneSiteProofWithdrawn } from '@caravan/events';
import { id, pem } from './names.fixture.js';

const fingerprintOf = (by: string): string => createHash('sha256').update(by).digest('hex');

/** What operators of sites supply, by somebody's authority. */
export const proof = {
  supplied: (name: string, by: string) =>
    BackboneSiteProofSupplied({
      ...{ siteId: id(name), backboneId: id('demo') },
      ...{ trust: [pem(by)], subject: by, fingerprint: fingerprintOf(by), notAfter: '2027-01-01T00:00:00.000Z' },
    }),
  withdrawn: (name: string) => BackboneSiteProofWithdrawn({ siteId: id(name), backboneId: id('demo') }),
};
