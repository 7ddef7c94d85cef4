import { getCertificate, getRotation, listAuthorities, listCertificates, listRotations } from '@caravan/api';
import { text } from './kind.js';
import type { Item, Kind, Names } from './kind.js';
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

/** Whose authorities are replaced: of a network its own name, for all that it stands on a backbone. */
const ownerOf = (item: Item, names: Names): string =>
  text(item['networkId']) === '' ? names('backbone', item['backboneId']) : names('network', item['networkId']);

const waitingForText = (item: Item): string => {
  const sites = (item['waitingFor'] ?? []) as readonly { siteId: string; lastSeenAt: string | null; detail: string }[];
  const lines = sites.map(
    ({ siteId, lastSeenAt, detail }) =>
      `${siteId}, ${lastSeenAt === null ? 'never seen' : `last seen ${lastSeenAt}`}: ${detail}`,
  );
  return lines.length === 0 ? 'nobody' : lines.join('\n');
};

const rotation: Kind = {
  name: 'rotation',
  plural: 'rotations',
  short: ['rot'],
  about: 'the replacement of authorities and of the certificates below them',
  parents: [],
  idField: 'rotationId',
  flag: 'rotation',
  routes: { list: listRotations, get: getRotation },
  columns: [
    { title: 'OF', field: 'ownerKind' },
    { title: 'BACKBONE', field: 'backboneId' },
    { title: 'NETWORK', field: 'networkId' },
    { title: 'ORDINAL', field: 'ordinal' },
    { title: 'STATUS', field: 'status' },
    { title: 'PHASE', field: 'phase' },
    { title: 'SINCE', field: 'phaseSince' },
    { title: 'WITHOUT', field: 'without', wide: true },
    { title: 'ID', field: 'id' },
  ],
  nameless: true,
  labels: (item, names) => [ownerOf(item, names)],
  filters: [
    {
      flag: 'network',
      value: 'network',
      field: 'networkId',
      about: 'those of one network',
      type: 'ref',
      to: 'network',
    },
    {
      flag: 'backbone',
      value: 'backbone',
      field: 'backboneId',
      about: 'those on one backbone',
      type: 'ref',
      to: 'backbone',
    },
  ],
  shown: { waitingFor: waitingForText },
  meanings: {
    status: {
      running: 'it goes on by itself as sites confirm',
      paused: 'it stands still: caravan rotate resume',
      finished: 'the old authorities admit nobody any more',
    },
    phase: {
      trust: 'the new authorities are made, and trusted wherever the old ones are',
      listeners: 'access points get certificates of the new authorities',
      diallers: 'sites and members get certificates of the new authorities',
      retire: 'the old authorities admit nobody any more',
    },
  },
  madeBy: 'A rotation is begun by: caravan rotate network <network>, or caravan rotate backbone <backbone>.',
  examples: { get: 'caravan get rotations' },
};

export const trustKinds: readonly Kind[] = [authority, certificate, rotation];
