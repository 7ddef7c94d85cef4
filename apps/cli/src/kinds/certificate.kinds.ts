import {
  getAuthorityRequest,
  getCertificate,
  listAuthorities,
  listAuthorityRequests,
  listCertificates,
} from '@caravan/api';
import type { Authority } from '@caravan/api';
import { text } from './kind.js';
import type { Item, Kind, Names } from './kind.js';
import { idColumn } from './columns.js';

const marks = (item: Item): string[] => [text(item['subject']), text(item['serial']), text(item['fingerprint'])];

const holdsText = (item: Item): string => {
  const holds = (item['holds'] ?? []) as Authority['holds'];
  const lines = holds.map(
    ({ holderKind, certificates, soonestEnd }) => `${certificates} ${holderKind}, the first until ${soonestEnd}`,
  );
  return lines.length === 0 ? 'nothing' : lines.join('\n');
};

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
    { title: 'PHASE', field: 'phase' },
    { title: 'EXPIRES', field: 'notAfter' },
    { title: 'ISSUER', field: 'issuerId', wide: true },
    { title: 'SIGNED BY', field: 'signedBy', wide: true },
    { title: 'SERIAL', field: 'serial', wide: true },
    idColumn,
  ],
  nameless: true,
  labels: (item) => [...marks(item), text(item['kind'])],
  filters: [
    { flag: 'network', value: 'network', field: 'networkId', about: 'of one network', type: 'ref', to: 'network' },
    { flag: 'backbone', value: 'backbone', field: 'backboneId', about: 'of one backbone', type: 'ref', to: 'backbone' },
  ],
  meanings: {
    phase: {
      next: 'made, and trusted wherever the one in use is',
      'in-use': 'it signs',
      replaced: 'trusted still, and signs no more',
      retired: 'it admits nobody',
      expired: 'it was over some day',
    },
  },
  shown: { holds: holdsText },
  madeBy: 'Authorities are made with the root, with a backbone and with a network.',
  examples: { get: 'caravan get authorities' },
};

/** `backbone/demo`, `network/retail`, `management`. */
const requestName = (item: Item, names: Names): string => {
  const kind = text(item['kind']);
  if (text(item['networkId']) !== '') return `${kind}/${names('network', item['networkId'])}`;
  return text(item['backboneId']) === '' ? kind : `${kind}/${names('backbone', item['backboneId'])}`;
};

const authorityRequest: Kind = {
  name: 'authority-request',
  plural: 'authority-requests',
  short: ['csr', 'csrs'],
  about: 'an authority whose certificate is signed elsewhere: offline, or by cert-manager',
  parents: [],
  idField: 'requestId',
  flag: 'authority-request',
  routes: { list: listAuthorityRequests, get: getAuthorityRequest },
  columns: [
    { title: 'OF', field: 'kind' },
    { title: 'BACKBONE', field: 'backboneId' },
    { title: 'NETWORK', field: 'networkId' },
    { title: 'ORDINAL', field: 'ordinal' },
    { title: 'SIGNED BY', field: 'issuer' },
    { title: 'STATUS', field: 'status' },
    { title: 'NEEDED BY', field: 'neededBy' },
    { title: 'ASKED', field: 'createdAt' },
    { title: 'SUBJECT', field: 'subject', wide: true },
    idColumn,
  ],
  nameless: true,
  labelFields: ['networkId', 'backboneId'],
  // One that is established is called by its ordinal too: the bare name is that of the one that waits.
  labels: (item, names) => {
    const name = requestName(item, names);
    const numbered = `${name}/${String(item['ordinal'])}`;
    return item['status'] === 'established' ? [numbered] : [name, numbered];
  },
  filters: [{ flag: 'status', value: 'status', field: 'status', about: 'asked, brought or established' }],
  meanings: {
    status: {
      asked: 'nobody has signed it yet: caravan authority request, and then caravan authority certify',
      brought: 'a certificate is there, and cert-service looks at it: caravan status says what is wrong with it',
      established: 'the authority has its certificate and signs',
    },
  },
  madeBy: 'A request is made with what needs the authority: the installation, a backbone, a network, a rotation.',
  examples: { get: 'caravan get authority-requests --status asked' },
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
    { title: 'PHASE', field: 'phase' },
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
    {
      ...{ flag: 'issuer', value: 'authority', field: 'issuerId', type: 'ref', to: 'authority' },
      about: 'those that one authority signed',
    },
  ],
  madeBy: 'Certificates are made for sites, access points, invitations and services; none is made by hand.',
  examples: { get: 'caravan get certificates --holder-kind member' },
};

export const certificateKinds: readonly Kind[] = [authority, authorityRequest, certificate];
