import type { EventOf, InvitationTerms, NetworkCreated } from '@caravan/events';
import type { Command } from '@caravan/event-store';
import type { MemberNames } from './member-names.js';

/** From when until when, and how long what it was stays after that. */
export type Term = Pick<EventOf<typeof NetworkCreated>['data'], 'startsAt' | 'endsAt' | 'deleteAfterSeconds'>;

/**
 * `ended`, `deleting`, `revoked`: nothing can be had of it any more. Of the last two what it has is being taken away, and then itself.
 */
export interface LastingNetwork extends Term {
  readonly status: 'active' | 'ended' | 'deleting' | 'revoked';
  readonly networkId: string;
  readonly backboneId: string;
  readonly name: string;
  /** Nobody is let in until it is resumed. */
  readonly suspended: boolean;
  readonly siteClasses: Map<string, { readonly name: string }>;
  readonly invitations: Map<string, MemberNames & { readonly name: string; readonly siteClasses: readonly string[] }>;
}
export type NetworkState =
  { readonly status: 'unknown' } | LastingNetwork | { readonly status: 'deleted'; readonly backboneId: string };

export const isLasting = (state: NetworkState): state is LastingNetwork =>
  state.status !== 'unknown' && state.status !== 'deleted';

interface OfNetwork {
  readonly networkId: string;
}
export type CreateNetwork = Command<'CreateNetwork'> &
  OfNetwork &
  Term & {
    readonly backboneId: string;
    readonly name: string;
  };
/** What is to be another; what is left out stays. `endsAt: null`: it has no end. */
export type TermChange = { readonly [P in keyof Term]?: Term[P] | undefined };
export type TermCommand =
  | (Command<'RescheduleNetwork'> & OfNetwork & TermChange)
  | (Command<'EndNetwork'> & OfNetwork)
  | (Command<'SuspendNetwork'> & OfNetwork)
  | (Command<'ResumeNetwork'> & OfNetwork);
/** `isEviction`: somebody asked for it; otherwise it is what follows from its end. */
export type RevokeNetwork = Command<'RevokeNetwork'> & OfNetwork & { readonly isEviction: boolean };
export type NetworkCommand =
  | CreateNetwork
  | TermCommand
  /** Once its end is past, by the clock of whoever says so; before that it is nothing. */
  | (Command<'RecordNetworkEnd'> & OfNetwork)
  /** One that ended is taken apart first. */
  | (Command<'DeleteNetwork'> & OfNetwork)
  | RevokeNetwork
  | (Command<'AddSiteClass'> & OfNetwork & { readonly siteClassId: string; readonly name: string })
  | (Command<'RemoveSiteClass'> & OfNetwork & { readonly siteClassId: string })
  | (Command<'ListInvitation'> & OfNetwork & { readonly terms: InvitationTerms })
  | (Command<'UnlistInvitation'> & OfNetwork & { readonly invitationId: string });
