import type { RecordedEvent } from '@caravan/event-store';

type Rule = (log: readonly RecordedEvent[]) => string[];

/** What is true of every log, whoever was killed while it was written. In words: where it is not. */
export const broken: Rule = (log) => RULES.flatMap((rule) => rule(log));

/** A command, or what follows from an event, has its effect on a stream once. */
const commandsTwice: Rule = (log) => {
  const positions = new Map<string, number>();
  return log.flatMap(({ metadata: { commandId }, stream, position }) => {
    const key = `${commandId} on ${stream}`;
    const first = positions.get(key) ?? position;
    positions.set(key, first);
    return first === position ? [] : [`${key} took effect at ${first} and at ${position}`];
  });
};

/** An authority is established once, and a certificate is decided once. */
const trustTwice: Rule = (log) => {
  const seen = new Set<string>();
  return log.flatMap(({ stream, position, type }) => {
    if (!stream.startsWith('caravan.evt.trust.')) return [];
    const again = seen.has(stream);
    seen.add(stream);
    return again ? [`${stream} has a second event, ${type} at ${position}`] : [];
  });
};

/** Their certificates follow from an installation, and from a rotation of it: nobody asks for them. */
const OF_THE_INSTALLATION: ReadonlySet<string> = new Set([
  ...['nats-server', 'api-server', 'service', 'management-site', 'administrator'],
]);

interface Decided {
  readonly via: string;
  readonly holder: string;
}

/** Every certificate that was asked for is decided, and none is signed that nobody asked for. */
const certificates: Rule = (log) => {
  const decided = new Map<string, Decided>();
  const asked = new Set<string>();
  for (const { stream, data, metadata } of log) {
    const { certificateId, holder } = data as { certificateId?: string; holder?: { kind: string } };
    if (certificateId === undefined) continue;
    if (!stream.startsWith('caravan.evt.trust.')) asked.add(certificateId);
    else decided.set(certificateId, { via: metadata.via, holder: holder?.kind ?? '' });
  }
  return [
    ...[...asked]
      .filter((id) => !decided.has(id))
      .map((id) => `the certificate ${id} was asked for and is not decided`),
    ...[...decided]
      .filter(([id, { via, holder }]) => via === 'reaction' && !asked.has(id) && !OF_THE_INSTALLATION.has(holder))
      .map(([id, { holder }]) => `the certificate ${id} of a ${holder} was decided and nobody asked for it`),
  ];
};

interface Claimed {
  readonly invitationId: string;
  readonly instanceLimit: number | null;
  readonly claimantKey: string;
}

/** No invitation lets in more than it says, and each key once. */
const limits: Rule = (log) => {
  const limitOf = new Map<string, number>();
  const claims = new Map<string, string[]>();
  for (const { type, data } of log) {
    const { invitationId = '', instanceLimit, claimantKey = '' } = data as Partial<Claimed>;
    if (type === 'InvitationIssued') limitOf.set(invitationId, instanceLimit ?? Infinity);
    if (type === 'InvitationClaimed') claims.set(invitationId, [...(claims.get(invitationId) ?? []), claimantKey]);
  }
  return [...claims].flatMap(([id, keys]) => [
    ...(keys.length > (limitOf.get(id) ?? 0)
      ? [`the invitation ${id} let in ${keys.length}, not ${limitOf.get(id)}`]
      : []),
    ...(new Set(keys).size < keys.length ? [`the invitation ${id} was claimed twice by one key`] : []),
  ]);
};

const RULES = [commandsTwice, trustTwice, certificates, limits];
