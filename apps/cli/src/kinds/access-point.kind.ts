import { createAccessPoint, deleteAccessPoint, getAccessPoint, listAccessPoints } from '@caravan/api';
import { createdColumn, idColumn, nameColumn } from './columns.js';
import { text } from './kind.js';
import type { Item, Kind } from './kind.js';

const EVERY_HOST = ['0.0.0.0', '::'];

/** Where it is reached, or who could say so: a site reports the one address that it listens on, and its SITE_HOST only with a port. */
const shownHost = ({ host, kind, bindHost, bindPort }: Item): string => {
  if (typeof host === 'string') return host;
  const isReported = kind !== 'manage' && !EVERY_HOST.includes(text(bindHost));
  if (isReported) return 'not reported yet';
  return kind === 'manage' || bindPort === 0 ? 'not given' : 'not known';
};
const AGAIN = 'delete it and create it again with --host and --port';

export const accessPoint: Kind = {
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
