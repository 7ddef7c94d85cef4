import {
  createInvitation,
  deleteInvitation,
  deleteMember,
  getInvitation,
  getMember,
  listInvitations,
  listMembers,
  revokeInvitation,
} from '@caravan/api';
import { text } from './kind.js';
import type { Field, Item, Kind } from './kind.js';
import { linkCertificatesText } from './supplied.js';
import { idColumn, nameColumn } from './columns.js';

/** Also the options of `caravan invite`. */
export const invitationFields: readonly Field[] = [
  {
    flag: 'limit',
    value: 'n',
    field: 'instanceLimit',
    about: 'how many sites may join: a number, or none (1)',
    type: 'limit',
    optional: true,
  },
  {
    flag: 'deadline',
    value: 'time',
    field: 'deadline',
    about: 'no claim after this: 2026-12-24T18:00Z, or 2h from now',
    type: 'time',
    optional: true,
  },
  {
    flag: 'for',
    value: 'duration',
    field: 'deadline',
    about: 'the same, as 90m, 2h, 7d',
    type: 'duration',
    optional: true,
  },
  {
    flag: 'class',
    value: 'class',
    field: 'siteClasses',
    about: 'site classes it gives',
    type: 'texts',
    optional: true,
  },
  {
    flag: 'prefix',
    value: 'prefix',
    field: 'namePrefix',
    about: 'what its sites are called (its name)',
    optional: true,
  },
  {
    flag: 'claim-access-point',
    value: 'site/access-point',
    field: 'claimAccessPoints',
    about: 'where to claim, preferred first (all of the backbone)',
    type: 'refs',
    to: 'access-point',
    where: { kind: 'claim' },
    optional: true,
  },
  {
    flag: 'member-access-point',
    value: 'site/access-point',
    field: 'memberAccessPoints',
    about: 'where its members link, preferred first (all of the backbone)',
    type: 'refs',
    to: 'access-point',
    where: { kind: 'member' },
    optional: true,
  },
];

/** An open invitation that as many sites have claimed as may lets nobody in any more (`invitation.exhausted`). */
const shownStatus = ({ status, claims, instanceLimit }: Item): string =>
  status === 'open' && typeof instanceLimit === 'number' && Number(claims) >= instanceLimit ? 'used up' : text(status);

const invitation: Kind = {
  name: 'invitation',
  plural: 'invitations',
  short: ['inv', 'invs'],
  about: 'an offer to join a network: deadline, limit, site classes',
  parents: ['network'],
  idField: 'invitationId',
  flag: 'invitation',
  routes: {
    list: listInvitations,
    get: getInvitation,
    create: createInvitation,
    delete: deleteInvitation,
    revoke: revokeInvitation,
  },
  columns: [
    nameColumn,
    { title: 'STATUS', field: 'status' },
    { title: 'CLAIMS', field: 'claims' },
    { title: 'LIMIT', field: 'instanceLimit', of: ({ instanceLimit }) => instanceLimit ?? 'none' },
    { title: 'DEADLINE', field: 'deadline' },
    { title: 'CLASSES', field: 'siteClasses' },
    { title: 'PREFIX', field: 'namePrefix', wide: true },
    { title: 'CREATED', field: 'createdAt', wide: true },
    idColumn,
  ],
  labels: (item) => [text(item['name'])],
  argument: { flag: 'name', value: 'name', field: 'name', about: 'what to call it' },
  fields: invitationFields,
  shown: { status: shownStatus },
  meanings: {
    status: {
      open: 'sites may claim it',
      'used up': 'as many sites have claimed it as may; no further claim',
      revoked: 'no further claim; its members stay',
    },
  },
  children: [{ kind: 'member', by: 'invitationId' }],
  examples: {
    get: 'caravan get invitations --network retail',
    create: 'caravan create invitation store --network retail --limit 5 --class storefront',
    delete: 'caravan delete invitation store --network retail',
  },
};

const member: Kind = {
  name: 'member',
  plural: 'members',
  short: ['member-site', 'member-sites'],
  about: 'a site that joined a network by an invitation',
  parents: ['network'],
  idField: 'memberId',
  flag: 'member',
  routes: { list: listMembers, get: getMember, delete: deleteMember },
  columns: [
    nameColumn,
    { title: 'STATUS', field: 'status' },
    { title: 'INVITATION', field: 'invitationId' },
    { title: 'CLASSES', field: 'siteClasses' },
    { title: 'LAST SEEN', field: 'lastSeenAt' },
    { title: 'CREATED', field: 'createdAt', wide: true },
    idColumn,
  ],
  labels: (item) => [text(item['name'])],
  filters: [
    {
      flag: 'invitation',
      value: 'invitation',
      field: 'invitationId',
      about: 'those who used one invitation',
      type: 'ref',
      to: 'invitation',
    },
  ],
  meanings: { status: { joining: 'admitted; its certificate is not issued yet', joined: 'it has its certificate' } },
  shown: { linkCertificates: linkCertificatesText },
  children: [{ kind: 'listener' }, { kind: 'connector' }],
  isSite: true,
  madeBy: 'A member site comes to be by using an invitation: caravan invite, then caravan join at the site.',
  examples: {
    get: 'caravan get members --network retail',
    delete: 'caravan delete member store-1 --network retail',
  },
};

export const invitationKinds: readonly Kind[] = [invitation, member];
