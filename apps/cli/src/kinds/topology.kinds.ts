import {
  createAccessPoint,
  createBackbone,
  createBackboneSite,
  createLink,
  deleteAccessPoint,
  deleteBackbone,
  deleteBackboneSite,
  deleteLink,
  getAccessPoint,
  getBackbone,
  getBackboneSite,
  getLink,
  getSiteState,
  listAccessPoints,
  listBackboneSites,
  listBackbones,
  listLinks,
} from '@caravan/api';
import { convergence } from './convergence.js';
import { text } from './kind.js';
import type { Column, Item, Kind } from './kind.js';

export const nameColumn: Column = { title: 'NAME', field: 'name' };
export const createdColumn: Column = { title: 'CREATED', field: 'createdAt' };
export const idColumn: Column = { title: 'ID', field: 'id', wide: true };

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

/** What proves the access points of a site, in words: by what its operator supplies others judge them by those authorities. */
const proofText = ({ proof }: Item): string => {
  if (proof === null || proof === undefined) return 'what is issued to its access points';
  const { subject, notAfter, trust } = proof as { subject: string; notAfter: string; trust: readonly string[] };
  return `${subject}, supplied by its operator, until ${notAfter}; judged by ${trust.join(', ')}`;
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
  shown: { proof: proofText },
  children: [{ kind: 'access-point', by: 'siteId' }],
  isSite: true,
  examples: {
    get: 'caravan get backbone-sites --backbone demo',
    create: 'caravan create backbone-site east --backbone demo',
    delete: 'caravan delete backbone-site east --backbone demo',
  },
};

const EVERY_HOST = ['0.0.0.0', '::'];

/** Where it is reached, or who could say so: a site reports the one address that it listens on, and its SITE_HOST only with a port. */
const shownHost = ({ host, kind, bindHost, bindPort }: Item): string => {
  if (typeof host === 'string') return host;
  const isReported = kind !== 'manage' && !EVERY_HOST.includes(text(bindHost));
  if (isReported) return 'not reported yet';
  return kind === 'manage' || bindPort === 0 ? 'not given' : 'not known';
};
const AGAIN = 'delete it and create it again with --host and --port';

const accessPoint: Kind = {
  name: 'access-point',
  plural: 'access-points',
  short: ['ap', 'aps'],
  about: 'an ingress of a backbone site: claim, member, peer or manage',
  parents: ['backbone'],
  idField: 'accessPointId',
  flag: 'access-point',
  routes: { list: listAccessPoints, get: getAccessPoint, create: createAccessPoint, delete: deleteAccessPoint },
  columns: [
    { title: 'SITE', field: 'siteId' },
    nameColumn,
    { title: 'KIND', field: 'kind' },
    { title: 'HOST', field: 'host', of: ({ host }) => host },
    { title: 'PORT', field: 'port' },
    { title: 'BIND HOST', field: 'bindHost', wide: true },
    { title: 'BIND PORT', field: 'bindPort', wide: true },
    createdColumn,
    idColumn,
  ],
  labelFields: ['siteId'],
  labels: (item, names) => {
    const [site, name] = [names('backbone-site', item['siteId']), text(item['name'])];
    return [`${site}/${name}`, name, `${site}/${text(item['kind'])}`];
  },
  filters: [
    { flag: 'site', value: 'site', field: 'siteId', about: 'those of one site', type: 'ref', to: 'backbone-site' },
    { flag: 'kind', value: 'kind', field: 'kind', about: 'claim, member, peer or manage' },
  ],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  fields: [
    { flag: 'site', value: 'site', field: 'siteId', about: 'the site it is at', type: 'ref', to: 'backbone-site' },
    { flag: 'kind', value: 'kind', field: 'kind', about: 'claim, member, peer or manage' },
    { flag: 'bind-host', value: 'host', field: 'bindHost', about: 'where it listens (0.0.0.0)', optional: true },
    {
      flag: 'bind-port',
      value: 'port',
      field: 'bindPort',
      about: 'where it listens (0: any free port)',
      type: 'integer',
      optional: true,
    },
    {
      flag: 'host',
      value: 'host',
      field: 'host',
      about:
        'where others reach it; a manage access point needs it (default: the --bind-host if that is one address, ' +
        'else SITE_HOST in the environment of the site, and that only with a --bind-port)',
      optional: true,
    },
    {
      flag: 'port',
      value: 'port',
      field: 'port',
      about: 'where others reach it, with --host',
      type: 'integer',
      optional: true,
    },
  ],
  shown: { host: shownHost },
  meanings: {
    host: {
      'not given': `nobody can dial it: ${AGAIN}`,
      'not known': `nobody can dial it: start its site with SITE_HOST=<host> in the environment, or ${AGAIN}`,
      'not reported yet': 'its site reports it when it listens there',
    },
  },
  examples: {
    get: 'caravan get access-points --backbone demo --kind peer',
    create:
      'caravan create access-point peer --site east --kind peer --bind-port 7443 --host east.example.org --port 7443',
    delete: 'caravan delete access-point east/peer',
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
