import {
  createConnector,
  createListener,
  deleteConnector,
  deleteListener,
  getConnector,
  getListener,
  listConnectors,
  listListeners,
} from '@caravan/api';
import { text } from './kind.js';
import type { Field, Item, Kind } from './kind.js';
import { createdColumn, idColumn } from './columns.js';

const endpointColumns = [
  { title: 'ADDRESS', field: 'address' },
  { title: 'HOST', field: 'host' },
  { title: 'PORT', field: 'port' },
  {
    title: 'TLS',
    field: 'tls',
    of: (item: Item) => (item['tls'] === null ? 'passed through' : 'spoken here'),
    wide: true,
  },
  { title: 'MEMBER', field: 'memberId', wide: true },
  createdColumn,
  idColumn,
] as const;
const endpointFields = (portAbout: string): readonly Field[] => [
  { flag: 'port', value: 'port', field: 'port', about: portAbout, type: 'integer' },
  { flag: 'host', value: 'host', field: 'host', about: 'at which host (127.0.0.1)', optional: true },
];
const SUPPLIED = 'what the site is supplied with by that name';
const tls = (flag: string, field: string) =>
  ({ flag: `tls-${flag}`, value: 'name', field: `tls.${field}`, optional: true }) as const;
const endpoint = {
  parents: ['network', 'member'],
  columns: endpointColumns,
  labels: (item) => [`${text(item['address'])}:${Number(item['port'])}`, text(item['address'])],
} as const satisfies Partial<Kind>;

const listener: Kind = {
  ...endpoint,
  name: 'listener',
  plural: 'listeners',
  short: [],
  about: 'a local port at a member site that leads to an address',
  idField: 'listenerId',
  flag: 'listener',
  routes: { list: listListeners, get: getListener, create: createListener, delete: deleteListener },
  argument: { flag: 'address', value: 'address', field: 'address', about: 'where it leads' },
  fields: [
    ...endpointFields('the local port to open'),
    {
      ...tls('cert', 'certificate'),
      about: `clients speak TLS, which ends there, proven by ${SUPPLIED} (service-server: the site’s own)`,
    },
    { ...tls('clients', 'clients'), about: `only clients that stand below ${SUPPLIED}` },
  ],
  examples: {
    get: 'caravan get listeners --network retail --member store-1',
    create: 'caravan create listener inventory --member store-1 --port 8080',
    delete: 'caravan delete listener inventory --member store-1',
  },
};

const connector: Kind = {
  ...endpoint,
  name: 'connector',
  plural: 'connectors',
  short: [],
  about: 'a server at a member site that answers for an address',
  idField: 'connectorId',
  flag: 'connector',
  routes: { list: listConnectors, get: getConnector, create: createConnector, delete: deleteConnector },
  argument: { flag: 'address', value: 'address', field: 'address', about: 'what it answers for' },
  fields: [
    ...endpointFields('where the server listens'),
    {
      ...tls('trust', 'trust'),
      about: `TLS to the server, which must stand below ${SUPPLIED} (service-client: the site’s own)`,
    },
    { ...tls('name', 'serverName'), value: 'host', about: 'what the server must prove to be (its host)' },
    { ...tls('cert', 'certificate'), about: `shown to a server that asks: ${SUPPLIED}` },
  ],
  examples: {
    get: 'caravan get connectors --network retail --member hq',
    create: 'caravan create connector inventory --member hq --port 9000',
    delete: 'caravan delete connector inventory --member hq',
  },
};

export const endpointKinds: readonly Kind[] = [listener, connector];
