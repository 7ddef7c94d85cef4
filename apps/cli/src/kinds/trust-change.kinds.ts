import type { AwaitedSite } from '@caravan/api';
import { getRevocation, getRotation, listRevocations, listRotations } from '@caravan/api';
import { idOf, text } from './kind.js';
import type { Item, Kind, Names } from './kind.js';

const byPlace: Kind['filters'] = [
  { flag: 'network', value: 'network', field: 'networkId', about: 'those of one network', type: 'ref', to: 'network' },
  {
    flag: 'backbone',
    value: 'backbone',
    field: 'backboneId',
    about: 'those on one backbone',
    type: 'ref',
    to: 'backbone',
  },
];

/** Whose authorities are replaced: of a network its own name, for all that it stands on a backbone. */
const ownerOf = (item: Item, names: Names): string =>
  text(item['networkId']) !== ''
    ? names('network', item['networkId'])
    : text(item['backboneId']) !== ''
      ? names('backbone', item['backboneId'])
      : text(item['ownerKind']);

const waitingForText = (item: Item): string => {
  const sites = (item['waitingFor'] ?? []) as readonly AwaitedSite[];
  const lines = sites.map(
    ({ siteId, name, lastSeenAt, detail }) =>
      `${name ?? siteId}, ${lastSeenAt === null ? 'never seen' : `last seen ${lastSeenAt}`}: ${detail}`,
  );
  return lines.length === 0 ? 'nobody' : lines.join('\n');
};

const alsoWaitingForText = (item: Item): string => {
  const others = (item['alsoWaitingFor'] ?? []) as readonly { what: string; detail: string }[];
  return others.length === 0 ? 'nothing' : others.map(({ what, detail }) => `${what}: ${detail}`).join('\n');
};

/** The one that is not over; where all are, the last of an owner that has had several. */
const rotationMeant = (rotations: readonly Item[]): Item | undefined => {
  const [running, ...others] = rotations.filter(({ status }) => status !== 'finished');
  if (running) return others.length === 0 ? running : undefined;
  const owners = new Set(
    rotations.map(({ ownerKind, networkId, backboneId }) => [ownerKind, networkId, backboneId].join()),
  );
  return owners.size === 1 ? rotations.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1)).at(-1) : undefined;
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
  labelFields: ['networkId', 'backboneId'],
  labels: (item, names) => [ownerOf(item, names)],
  meant: rotationMeant,
  filters: byPlace,
  shown: { waitingFor: waitingForText, alsoWaitingFor: alsoWaitingForText },
  meanings: {
    status: {
      running: 'it goes on by itself as sites confirm',
      paused: 'it stands still: caravan rotate resume',
      finished: 'the old authorities admit nobody any more',
    },
    phase: {
      trust: 'the new authorities are made, and trusted wherever the old ones are',
      listeners: 'access points, or nats-server, get certificates of the new authorities',
      diallers: 'sites and members get certificates of the new authorities',
      retire: 'the old authorities admit nobody any more',
    },
  },
  madeBy:
    'A rotation is begun by: caravan rotate network <network>, caravan rotate backbone <backbone>, or caravan rotate installation.',
  examples: { get: 'caravan get rotations' },
};

/** `3`, or `1 of 3` while not all have. */
const relaysText = (item: Item): string => {
  const confirmed = (item['confirmed'] as readonly unknown[] | undefined)?.length ?? 0;
  const waiting = typeof item['waiting'] === 'number' ? item['waiting'] : 0;
  return waiting === 0 ? String(confirmed) : `${confirmed} of ${confirmed + waiting}`;
};

const confirmedText = (item: Item): string => {
  const sites = (item['confirmed'] ?? []) as readonly { siteId: string; name?: string | null; at: string }[];
  const asked = Date.parse(text(item['createdAt']));
  const lines = sites.map(
    ({ siteId, name, at }) => `${name ?? siteId} after ${((Date.parse(at) - asked) / 1_000).toFixed(2)} s`,
  );
  return lines.length === 0 ? 'nobody yet' : lines.join('\n');
};

const revocation: Kind = {
  name: 'revocation',
  plural: 'revocations',
  short: ['rev', 'revs'],
  about: 'what was revoked, who enforces it, and how long that took',
  parents: [],
  idField: 'revocationId',
  flag: 'revocation',
  routes: { list: listRevocations, get: getRevocation },
  columns: [
    { title: 'WHAT', field: 'targetKind' },
    { title: 'NAME', field: 'name' },
    { title: 'REASON', field: 'reason' },
    { title: 'STATUS', field: 'status' },
    { title: 'RELAYS', field: 'confirmed', of: relaysText },
    { title: 'AFTER MS', field: 'enforcedAfterMs' },
    { title: 'ASKED', field: 'createdAt' },
    { title: 'BACKBONE', field: 'backboneId', wide: true },
    { title: 'NETWORK', field: 'networkId', wide: true },
    { title: 'ID', field: 'id' },
  ],
  nameless: true,
  labels: (item) => [text(item['name'])],
  filters: byPlace,
  shown: { confirmed: confirmedText, waitingFor: waitingForText },
  meanings: {
    status: {
      requested:
        'relays that have not confirmed may not have heard of it; one that is away enforces it before it admits anybody',
      enforced: 'nobody is left who would let it in',
    },
  },
  madeBy:
    'A revocation is asked for by: caravan evict member <member>, or network; caravan revoke certificate, or backbone-site.',
  examples: { get: 'caravan get revocations' },
};

export const trustChangeKinds: readonly Kind[] = [rotation, revocation];
