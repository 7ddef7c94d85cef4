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
import type { Ask } from '@caravan/api';
import { askText } from './asking.js';
import { claimKinds, detailsText } from './claim.kinds.js';
import { text } from './kind.js';
import { invitationFields } from './invitation-fields.js';
import type { Item, Kind } from './kind.js';
import { linkCertificatesText } from './supplied.js';
import { idColumn, nameColumn } from './columns.js';

const asksText = ({ asks }: Item): string => ((asks ?? []) as readonly Ask[]).map(askText).join('\n') || 'nothing';

/** An open invitation that as many sites have claimed as may lets nobody in any more (`invitation.exhausted`). */
const shownStatus = ({ status, claims, awaited, instanceLimit }: Item): string => {
  const taken = Number(claims) + Number(awaited ?? 0);
  return status === 'open' && typeof instanceLimit === 'number' && taken >= instanceLimit ? 'used up' : text(status);
};

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
    { title: 'AWAITED', field: 'awaited' },
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
  shown: { status: shownStatus, asks: asksText },
  meanings: {
    status: {
      open: 'sites may claim it',
      'used up': 'as many sites have claimed it as may; no further claim',
      revoked: 'no further claim; its members stay',
    },
  },
  children: [
    { kind: 'claim', by: 'invitationId' },
    { kind: 'member', by: 'invitationId' },
  ],
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
  shown: { linkCertificates: linkCertificatesText, details: detailsText },
  children: [{ kind: 'listener' }, { kind: 'connector' }],
  isSite: true,
  madeBy: 'A member site comes to be by using an invitation: caravan invite, then caravan join at the site.',
  examples: {
    get: 'caravan get members --network retail',
    delete: 'caravan delete member store-1 --network retail',
  },
};

export const invitationKinds: readonly Kind[] = [invitation, ...claimKinds, member];
