import { getCertificate, listAuthorities, listCertificates } from '@caravan/api';
import { text } from './kind.js';
import type { Item, Kind } from './kind.js';
import { idColumn } from './topology.kinds.js';

const marks = (item: Item): string[] => [text(item['subject']), text(item['serial']), text(item['fingerprint'])];

const authority: Kind = {
  name: 'authority',
  plural: 'authorities',
  short: ['ca', 'cas'],
  about: 'a certificate authority: root, management, backbone, network and those below',
  parents: [],
  idField: 'authorityId',
  flag: 'authority',
  routes: { list: listAuthorities },
  refs: { issuerId: 'authority' },
  columns: [
    { title: 'KIND', field: 'kind' },
    { title: 'SUBJECT', field: 'subject' },
    { title: 'BACKBONE', field: 'backboneId' },
    { title: 'NETWORK', field: 'networkId' },
    { title: 'ORDINAL', field: 'ordinal' },
    { title: 'EXPIRES', field: 'notAfter' },
    { title: 'ISSUER', field: 'issuerId', wide: true },
    { title: 'SERIAL', field: 'serial', wide: true },
    idColumn,
  ],
  nameless: true,
  labels: (item) => [...marks(item), text(item['kind'])],
  madeBy: 'Authorities are made with the root, with a backbone and with a network.',
  examples: { get: 'caravan get authorities' },
};

const certificate: Kind = {
  name: 'certificate',
  plural: 'certificates',
  short: ['cert', 'certs'],
  about: 'a certificate that was issued (metadata only)',
  parents: [],
  idField: 'certificateId',
  flag: 'certificate',
  routes: { list: listCertificates, get: getCertificate },
  refs: { issuerId: 'authority' },
  columns: [
    { title: 'HOLDER', field: 'holderKind' },
    { title: 'SUBJECT', field: 'subject' },
    { title: 'ORDINAL', field: 'ordinal' },
    { title: 'EXPIRES', field: 'notAfter' },
    { title: 'IDENTITY', field: 'identity', wide: true },
    { title: 'HOSTS', field: 'hosts', wide: true },
    { title: 'ISSUER', field: 'issuerId', wide: true },
    { title: 'SERIAL', field: 'serial', wide: true },
    idColumn,
  ],
  nameless: true,
  labels: (item) => [...marks(item), text(item['identity']), text(item['holderId'])].filter((label) => label !== ''),
  filters: [
    { flag: 'holder-kind', value: 'kind', field: 'holderKind', about: 'member, backbone-site, access-point, …' },
    { flag: 'holder', value: 'id', field: 'holderId', about: 'those of one holder' },
  ],
  madeBy: 'Certificates are made for sites, access points, invitations and services; none is made by hand.',
  examples: { get: 'caravan get certificates --holder-kind member' },
};

export const certificateKinds: readonly Kind[] = [authority, certificate];
