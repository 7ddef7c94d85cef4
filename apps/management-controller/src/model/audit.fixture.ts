import type { RecordedEvent } from '@caravan/event-store';
import type { EventOf, InvitationClaimed, InvitationIssued, NetworkCreated, NetworkRescheduled } from '@caravan/events';

type Windowed = Pick<EventOf<typeof NetworkCreated | typeof NetworkRescheduled>['data'], 'startsAt' | 'endsAt'>;

/** The last fact of a stream. */
const ENDS = new Set(['BackboneDeleted', 'NetworkDeleted', 'InvitationDeleted', 'MemberRemoved']);

/** Holds the log itself against what is promised, without the model and without the deciders. */
export function audit(
  log: readonly RecordedEvent[],
  demand: (holds: boolean, what: string, details?: unknown) => void,
): void {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of log) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const windows = new Map<string, Windowed[]>();
  for (const { type, data } of log) {
    if (type !== 'NetworkCreated' && type !== 'NetworkRescheduled') continue;
    const { networkId, ...window } = data as Windowed & { networkId: string };
    windows.set(networkId, [...(windows.get(networkId) ?? []), window]);
  }
  for (const [stream, events] of streams) {
    const end = events.findIndex(({ type }) => ENDS.has(type));
    demand(end === -1 || end === events.length - 1, `nothing comes after the end of ${stream}`);
    const commits = new Map(events.map(({ position, metadata }) => [position, metadata.commandId]));
    demand(new Set(commits.values()).size === commits.size, `each command has one effect on ${stream}`);
    if (stream.includes('.invitation.')) auditInvitation(events, windows, demand);
  }
}

function auditInvitation(
  events: readonly RecordedEvent[],
  windows: ReadonlyMap<string, readonly Windowed[]>,
  demand: (holds: boolean, what: string, details?: unknown) => void,
): void {
  const issued = events.find(({ type }) => type === 'InvitationIssued')?.data;
  if (!issued) return;
  const { instanceLimit, deadline, networkId, approval } = issued as EventOf<typeof InvitationIssued>['data'];
  const revoked = events.find(({ type }) => type === 'InvitationRevoked')?.position ?? Infinity;
  const ofType = (wanted: string) =>
    events.filter(({ type }) => type === wanted) as RecordedEvent<EventOf<typeof InvitationClaimed>>[];
  const [asked, claims, declined] = [ofType('ClaimRequested'), ofType('InvitationClaimed'), ofType('ClaimDeclined')];
  const keys = claims.map(({ data }) => data.claimantKey);
  demand(new Set(keys).size === keys.length, 'a claimant’s key has one member', issued);
  const first = approval ? asked : claims;
  for (const { position } of first) {
    const taken = first.filter((other) => other.position <= position).length;
    const freed = declined.filter((other) => other.position < position).length;
    demand(instanceLimit === null || taken - freed <= instanceLimit, 'a limit is never exceeded', issued);
  }
  for (const { position, data } of approval ? claims : []) {
    const wasAsked = asked.some((other) => other.data.memberId === data.memberId && other.position < position);
    const wasDeclined = declined.some((other) => other.data.memberId === data.memberId);
    demand(wasAsked && !wasDeclined, 'nobody is let in who did not ask, or was declined', data);
  }
  for (const { position } of claims)
    demand(position < revoked, 'nobody claims what was revoked', { position, revoked });
  for (const { at, metadata } of first) {
    const time = Date.parse(at);
    demand(deadline === null || time < Date.parse(deadline), 'nobody claims after the deadline', { at, deadline });
    // The odd windows of the generator come by no endpoint.
    if (metadata.via !== 'site-protocol') continue;
    // Who decides may not have heard yet that the network has another: doors and NATS go by that.
    const all = windows.get(networkId)!;
    const open = all.some(
      ({ startsAt, endsAt }) => time >= Date.parse(startsAt) && (endsAt === null || time < Date.parse(endsAt)),
    );
    demand(open, 'nobody claims outside every window of the network', { at, windows: all });
  }
}
