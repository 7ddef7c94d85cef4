import { createCsr, generateKeyPair, readCsr } from '@caravan/pki';
import { derivedId } from '@caravan/platform/ids';
import type { CommandMetadata } from '@caravan/event-store';
import type { Desk, Request } from './desk.fixture.js';

/** A kind of request: how often it comes, and how numbers between 0 and some thousand make one of the world as it is. */
export interface Kind {
  readonly kind: string;
  readonly weight: number;
  make(desk: Desk, dice: readonly number[]): Request;
}

export const UNKNOWN = derivedId('nobody');

/** The id of one of them; now and then, and when there is none, one that is nobody's. */
export function pick(things: ReadonlyMap<string, unknown>, die: number): string {
  if (things.size === 0 || die % 23 === 22) return UNKNOWN;
  let left = die % things.size;
  for (const id of things.keys()) if (left-- === 0) return id;
  return UNKNOWN;
}

/** What a controller is called with. */
export const call = <Call>(given: { params?: object; body?: object; metadata: CommandMetadata }): Call =>
  ({
    params: {},
    body: {},
    query: {},
    idFor: (what: string) => derivedId(what, given.metadata.commandId),
    ...given,
  }) as Call;

/** Sites that want to join, each with a key of its own. */
export const claimants = Array.from({ length: 10 }, () => {
  const csr = createCsr({ subject: { commonName: 'site' }, keyPair: generateKeyPair() });
  return { csr, key: readCsr(csr).publicKeyFingerprint };
});

const START = Date.parse('2026-03-29T00:59:00.000Z'); // a minute before Europe puts its clocks on
const EDGES = [
  '1970-01-01T00:00:00.000Z',
  '2026-10-25T01:00:00.000Z',
  '2028-02-29T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
];

/** The time at which something is asked: it goes on, with clocks that differ; or it is right at the edge of something; or far away. */
export function timeOf({ world, requests }: Desk, die: number): Date {
  const onwards = START + requests.length * 1_000 + (die % 1_500);
  const kind = Math.floor(die / 1_500) % 10;
  if (kind < 7) return new Date(onwards);
  const edges = [
    ...[...world.invitations.values()].flatMap(({ terms: { deadline } }) => deadline ?? []),
    ...[...world.networks.values()].flatMap(({ startsAt, endsAt }) => [startsAt, endsAt ?? startsAt]),
  ];
  const all = kind < 9 && edges.length > 0 ? edges : EDGES;
  const edge = Date.parse(all[die % all.length]!);
  // No year beyond 9999: its text would sort before all others, and no schema takes it.
  return new Date(Math.max(0, Math.min(edge + (Math.floor(die / 7) % 3) - 1, Date.parse(EDGES[3]!))));
}

/**
 * The same time, unless it is far from that of all others: how old a reservation is, is told by the clocks of the processes, which are
 * taken to differ by less than a minute.
 */
export const soundClock = ({ requests }: Desk, time: Date): Date => {
  const now = START + requests.length * 1_000;
  return Math.abs(time.getTime() - now) < 20_000 ? time : new Date(now);
};

/** A time that something may begin or end at. */
export const instantOf = (desk: Desk, die: number): string =>
  new Date(START + desk.requests.length * 1_000 + ((die % 41) - 10) * 1_000 + (die % 3)).toISOString();

/** What a request reads of the network of an invitation; of none, what could be of anybody's. */
export function windowOf({ networks, invitations }: Desk['world'], invitationId: string) {
  const network = networks.get(invitations.get(invitationId)?.terms.networkId ?? '');
  // As it is now: the world goes on, and may give it another window before this is decided.
  return network ? { ...network } : { name: 'nobody’s', startsAt: new Date(0).toISOString(), endsAt: null };
}
