import {
  createNetwork,
  createSiteClass,
  deleteNetwork,
  deleteSiteClass,
  getNetwork,
  listNetworks,
  listSiteClasses,
} from '@caravan/api';
import { text } from './kind.js';
import type { Kind } from './kind.js';
import { createdColumn, idColumn, nameColumn } from './columns.js';

const network: Kind = {
  name: 'network',
  plural: 'networks',
  short: ['net', 'nets', 'van', 'vans'],
  about: 'an application network on one backbone, with a start and perhaps an end',
  parents: [],
  idField: 'networkId',
  flag: 'network',
  routes: { list: listNetworks, get: getNetwork, create: createNetwork, delete: deleteNetwork },
  columns: [
    nameColumn,
    { title: 'BACKBONE', field: 'backboneId' },
    { title: 'STATUS', field: 'status' },
    { title: 'STARTS', field: 'startsAt' },
    { title: 'ENDS', field: 'endsAt' },
    { title: 'CREATED', field: 'createdAt', wide: true },
    { title: 'DELETED', field: 'deletedAt', wide: true },
    idColumn,
  ],
  labels: (item) => [text(item['name'])],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  fields: [
    {
      flag: 'backbone',
      value: 'backbone',
      field: 'backboneId',
      about: 'what carries it',
      type: 'ref',
      to: 'backbone',
    },
    { flag: 'starts', value: 'time', field: 'startsAt', about: 'default: now', type: 'time', optional: true },
    { flag: 'ends', value: 'time', field: 'endsAt', about: 'default: never', type: 'time', optional: true },
    {
      flag: 'delete-after',
      value: 'duration',
      field: 'deleteAfterSeconds',
      about: 'how long what it was can be looked at after its end; default: 30d',
      type: 'seconds',
      optional: true,
    },
  ],
  filters: [
    { flag: 'deleted', value: 'included', field: 'deleted', about: 'also those of which nothing else is left' },
  ],
  meanings: {
    status: {
      establishing: 'its authorities are being made; invitations can be issued, their files wait',
      scheduled: 'it has not started: nobody is let in yet; invitations can be handed out',
      active: 'sites can join',
      suspended: 'nobody is let in until it is resumed: caravan network resume',
      ending: 'its end is past, and not every relay has said that it lets nobody in: caravan get revocations --network',
      ended:
        'it is over: no relay lets anybody in any more; what it was goes after its delay, or by caravan delete network',
      evicted: 'it was shown out: nobody comes in by its certificates any more, for good',
      deleted: 'it is over, and nothing is left of it but what it was',
    },
  },
  children: [{ kind: 'site-class' }, { kind: 'invitation' }, { kind: 'member' }],
  examples: {
    get: 'caravan get networks -o wide',
    create: 'caravan create network retail --backbone demo --ends 30d',
    delete: 'caravan delete network retail',
  },
};

const siteClass: Kind = {
  name: 'site-class',
  plural: 'site-classes',
  short: ['class', 'classes'],
  about: 'a label that makes sites of a kind be treated alike',
  parents: ['network'],
  idField: 'siteClassId',
  flag: 'site-class',
  routes: { list: listSiteClasses, create: createSiteClass, delete: deleteSiteClass },
  columns: [nameColumn, createdColumn, idColumn],
  labels: (item) => [text(item['name'])],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  examples: {
    get: 'caravan get site-classes --network retail',
    create: 'caravan create site-class storefront --network retail',
    delete: 'caravan delete site-class storefront --network retail',
  },
};

export const networkKinds: readonly Kind[] = [network, siteClass];
