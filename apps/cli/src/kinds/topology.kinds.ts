import {
  createBackbone,
  createBackboneSite,
  createLink,
  deleteBackbone,
  deleteBackboneSite,
  deleteLink,
  getBackbone,
  getBackboneSite,
  getLink,
  getSiteState,
  listBackboneSites,
  listBackbones,
  listLinks,
} from '@caravan/api';
import { accessPoint } from './access-point.kind.js';
import { createdColumn, idColumn, nameColumn } from './columns.js';
import { convergence } from './convergence.js';
import { text } from './kind.js';
import type { Kind } from './kind.js';
import { linkCertificatesText, proofText } from './supplied.js';

const backbone: Kind = {
  name: 'backbone',
  plural: 'backbones',
  short: ['bb'],
  about: 'relay points and the links between them, shared by networks',
  parents: [],
  idField: 'backboneId',
  flag: 'backbone',
  routes: { list: listBackbones, get: getBackbone, create: createBackbone, delete: deleteBackbone },
  columns: [nameColumn, { title: 'STATUS', field: 'status' }, createdColumn, idColumn],
  labels: (item) => [text(item['name'])],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  fields: [
    {
      ...{ flag: 'issuer', value: 'issuer', field: 'backboneIssuer', optional: true },
      about: 'who signs its authority: internal, offline or cert-manager (as the installation has it)',
    },
    {
      ...{ flag: 'network-issuer', value: 'issuer', field: 'networkIssuer', optional: true },
      about: 'who signs those of networks on it, likewise',
    },
  ],
  meanings: {
    status: {
      'awaiting-root': 'nothing is signed before a root authority is established',
      'awaiting-certificate': 'its authority is signed elsewhere, and was not yet: caravan get authority-requests',
      establishing: 'its authorities are being made',
      ready: 'sites can be set up and networks placed on it',
    },
  },
  children: [{ kind: 'backbone-site' }, { kind: 'access-point' }, { kind: 'link' }],
  examples: {
    get: 'caravan get backbones',
    create: 'caravan create backbone demo --issuer offline',
    delete: 'caravan delete backbone demo',
  },
};

const backboneSite: Kind = {
  name: 'backbone-site',
  plural: 'backbone-sites',
  short: ['site', 'sites', 'bs'],
  about: 'one relay point of a backbone',
  parents: ['backbone'],
  idField: 'siteId',
  flag: 'site',
  routes: { list: listBackboneSites, get: getBackboneSite, create: createBackboneSite, delete: deleteBackboneSite },
  columns: [
    nameColumn,
    { title: 'STATUS', field: 'status' },
    { title: 'LAST SEEN', field: 'lastSeenAt' },
    createdColumn,
    idColumn,
  ],
  labels: (item) => [text(item['name'])],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  meanings: {
    status: {
      new: 'nobody downloaded its bundle yet: caravan bundle',
      bootstrapping: 'its bundle was downloaded and has not been used yet: caravan join',
      enrolled: 'it has its own certificate',
    },
  },
  shown: { proof: proofText, linkCertificates: linkCertificatesText },
  children: [{ kind: 'access-point', by: 'siteId' }],
  isSite: true,
  examples: {
    get: 'caravan get backbone-sites --backbone demo',
    create: 'caravan create backbone-site east --backbone demo',
    delete: 'caravan delete backbone-site east --backbone demo',
  },
};

const link: Kind = {
  name: 'link',
  plural: 'links',
  short: [],
  about: 'a configured connection between two sites of a backbone',
  parents: ['backbone'],
  idField: 'linkId',
  flag: 'link',
  routes: { list: listLinks, get: getLink, create: createLink, delete: deleteLink },
  refs: { acceptingSiteId: 'backbone-site' },
  columns: [
    { title: 'FROM', field: 'siteId' },
    { title: 'TO', field: 'acceptingSiteId' },
    { title: 'COST', field: 'cost' },
    { title: 'ACCESS POINT', field: 'accessPointId', wide: true },
    createdColumn,
    idColumn,
  ],
  labelFields: ['siteId', 'acceptingSiteId'],
  labels: (item, names) => [
    `${names('backbone-site', item['siteId'])}/${names('backbone-site', item['acceptingSiteId'])}`,
  ],
  fields: [
    { flag: 'from', value: 'site', field: 'siteId', about: 'the site that dials', type: 'ref', to: 'backbone-site' },
    {
      flag: 'to',
      value: 'site/access-point',
      field: 'accessPointId',
      about: 'the peer access point that it dials',
      type: 'ref',
      to: 'access-point',
      where: { kind: 'peer' },
    },
    { flag: 'cost', value: 'n', field: 'cost', about: 'lower is preferred (1)', type: 'integer', optional: true },
  ],
  examples: {
    get: 'caravan get links --backbone demo',
    create: 'caravan create link --from west --to east/peer --cost 10',
    delete: 'caravan delete link west/east',
  },
};

const siteState: Kind = {
  name: 'site-state',
  plural: 'site-states',
  short: ['state'],
  about: 'what a site should be, and what it last said of itself',
  parents: [],
  idField: 'siteId',
  flag: 'site-state',
  routes: { get: getSiteState },
  columns: [
    { title: 'SITE', field: 'siteId' },
    { title: 'KIND', field: 'kind' },
    { title: 'STATE', field: 'observed', of: convergence },
    { title: 'LAST SEEN', field: 'lastSeenAt' },
    { title: 'VERSION', field: 'version', wide: true },
  ],
  labels: (item) => [text(item['siteId'])],
  foundAs: ['backbone-site', 'member'],
  examples: { get: 'caravan get site-state east --backbone demo' },
};

export const topologyKinds: readonly Kind[] = [backbone, backboneSite, accessPoint, link, siteState];
