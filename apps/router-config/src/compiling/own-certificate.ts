import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { CertificateItem } from '@caravan/data-plane';
import { FIRST_ORDINAL } from '../model/model.js';

/** What a site is known by. It joined with the first one, so an item asks for those after that alone. */
export const ownCertificate = (ordinal: number): CertificateItem[] =>
  ordinal === FIRST_ORDINAL ? [] : [{ kind: 'certificate', id: SITE_CERTIFICATE, purpose: 'site', ordinal, hosts: [] }];
