import { RevocationConfirmed, RevocationEnforced, RevocationRequested } from '@caravan/events';
import type { EventOf, RevocationEvent, RevocationTarget } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

type Requested = EventOf<typeof RevocationRequested>['data'];
export interface SiteConfirmation {
  readonly siteId: string;
  /** When it was heard, ISO-8601. */
  readonly at: string;
}

export type RevocationState =
  | { readonly status: 'unknown' }
  | { readonly status: 'requested'; readonly confirmed: Map<string, string> }
  | { readonly status: 'enforced' };

interface OfRevocation {
  readonly revocationId: string;
}
export type RevocationCommand =
  | (Command<'RequestRevocation'> &
      OfRevocation & {
        readonly target: RevocationTarget;
        readonly name: string;
        readonly reason: Requested['reason'];
      })
  /** What was seen of those who enforce it; `isEnforced`: nobody is left who does not. */
  | (Command<'RecordEnforcement'> &
      OfRevocation & { readonly sites: readonly SiteConfirmation[]; readonly isEnforced: boolean });

/** As many as an event names; the others are named at the next look. */
export const MOST_AT_ONCE = 100;

/** Revoked once, whoever asks again; what follows is what has been seen of it. Nothing takes it back. */
export const revocation: Decider<RevocationState, RevocationCommand, RevocationEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { revocationId } = command;
    switch (command.type) {
      case 'RequestRevocation': {
        if (state.status !== 'unknown') return [];
        const { target, name, reason } = command;
        return [RevocationRequested({ revocationId, target, name, reason })];
      }
      case 'RecordEnforcement':
        return state.status === 'requested' ? recorded(command, state.confirmed) : [];
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'RevocationRequested') return { status: 'requested', confirmed: new Map() };
    if (state.status !== 'requested') return state;
    switch (event.type) {
      case 'RevocationConfirmed':
        for (const { siteId, at } of event.data.sites) state.confirmed.set(siteId, at);
        return state;
      case 'RevocationEnforced':
        return { status: 'enforced' };
      default:
        return assertNever(event);
    }
  },
};

function recorded(
  { revocationId, sites, isEnforced, metadata }: Extract<RevocationCommand, { type: 'RecordEnforcement' }>,
  confirmed: ReadonlyMap<string, string>,
): RevocationEvent[] {
  const news = sites.filter(({ siteId }) => !confirmed.has(siteId)).slice(0, MOST_AT_ONCE);
  const isAll = isEnforced && news.length === sites.filter(({ siteId }) => !confirmed.has(siteId)).length;
  const times = [...confirmed.values(), ...news.map(({ at }) => at)].sort();
  return [
    ...(news.length > 0 ? [RevocationConfirmed({ revocationId, sites: news })] : []),
    ...(isAll
      ? [
          RevocationEnforced({
            revocationId,
            confirmed: times.length,
            enforcedAt: times.at(-1) ?? metadata.now.toISOString(),
          }),
        ]
      : []),
  ];
}
