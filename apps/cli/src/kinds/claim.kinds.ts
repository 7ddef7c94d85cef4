import { approveClaim, declineClaim, getClaim, listClaims, listJoinTokens, withdrawJoinToken } from '@caravan/api';
import { createdColumn, idColumn, nameColumn } from './columns.js';
import { text } from './kind.js';
import type { Item, Kind } from './kind.js';

const joinToken: Kind = {
  name: 'join-token',
  plural: 'join-tokens',
  short: [],
  about: 'what the URLs and QR codes to join by carry, by which an invitation is used without its file',
  parents: ['network', 'invitation'],
  idField: 'joinTokenId',
  flag: 'join-token',
  routes: { list: listJoinTokens, delete: withdrawJoinToken },
  columns: [createdColumn, idColumn],
  nameless: true,
  labels: () => [],
  madeBy: 'A join token is made with the URL that carries it: caravan invite --as url.',
  examples: {
    get: 'caravan get join-tokens --network retail --invitation store',
    delete: 'caravan delete join-token 019a9c4e-e2a0-7b1c-9c55-0d2f6a7b8c9d --network retail --invitation store',
  },
};

/** `contact: Ada, floor: 2`. */
export const detailsText = ({ details }: Item): string =>
  Object.entries(details ?? {})
    .sort()
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');

/** A name may have been asked for again after it was declined. */
const claimMeant = (claims: readonly Item[]): Item | undefined => {
  const only = (wanted: string) => {
    const [one, ...others] = claims.filter(({ status }) => status === wanted);
    return others.length === 0 ? one : undefined;
  };
  return only('awaited') ?? only('member');
};

const claim: Kind = {
  name: 'claim',
  plural: 'claims',
  short: [],
  about: 'who used an invitation, or waits to be approved',
  parents: ['network'],
  idField: 'claimId',
  flag: 'claim',
  routes: { list: listClaims, get: getClaim, approve: approveClaim, decline: declineClaim },
  columns: [
    nameColumn,
    { title: 'STATUS', field: 'status' },
    { title: 'INVITATION', field: 'invitationId' },
    { title: 'DETAILS', field: 'details', of: detailsText },
    { title: 'CREATED', field: 'createdAt' },
    { title: 'DECIDED', field: 'decidedAt', wide: true },
    { title: 'BY', field: 'decidedBy', wide: true },
    { title: 'KEY', field: 'claimantKey', wide: true },
    idColumn,
  ],
  labels: (item) => [text(item['name'])],
  meant: claimMeant,
  filters: [
    {
      flag: 'invitation',
      value: 'invitation',
      field: 'invitationId',
      about: 'by one invitation',
      type: 'ref',
      to: 'invitation',
    },
    { flag: 'status', value: 'status', field: 'status', about: 'awaited, member, declined or gone' },
  ],
  shown: { details: detailsText },
  meanings: {
    status: {
      awaited: 'nothing is there yet: caravan approve claim, or decline',
      member: 'it led to a member of that name',
      declined: 'it was not let in; its instance of the invitation is free',
      gone: 'its member was removed since',
    },
  },
  madeBy: 'A claim is made by whoever joins: caravan invite, then caravan join at the site.',
  examples: { get: 'caravan get claims --network retail --status awaited' },
};

/** How an invitation is used, and by whom it was. */
export const claimKinds: readonly Kind[] = [joinToken, claim];
