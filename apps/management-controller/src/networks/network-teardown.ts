import { Inject, Injectable } from '@nestjs/common';
import { invitationStream, memberStream, networkStream } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import { CLOCK, EVENT_STORE } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { readState } from '../deciding/read-state.js';
import { unlessGone } from '../deciding/unless-gone.js';
import { invitation } from '../invitations/invitation.js';
import { member } from '../members/member.js';
import { network } from './network.js';

/** Of one invitation: it is told in one commit, which holds 100 events. */
const MOST_AT_ONCE = 100;

/**
 * Takes a network apart from the inside out: members, invitations, itself, its name. The streams say what is left, so that it may die
 * anywhere and be done again by anybody: every step is a command that is nothing once it was done.
 */
@Injectable()
export class NetworkTeardown {
  constructor(
    private readonly deciders: Deciders,
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes away what can be taken of a network that is being deleted, or was revoked; of any other nothing. Whoever claimed right before is
   * admitted first, and is found by the next look. Resolves with the position of the last step; 0: something is left, or nothing was.
   */
  async of(networkId: string): Promise<number> {
    const state = await readState(this.log, network, networkStream(networkId));
    if (state.status === 'deleted') return this.#withdraw(networkId, state.backboneId);
    if (state.status !== 'deleting' && state.status !== 'revoked') return 0;
    let left = 0;
    for (const invitationId of state.invitations.keys()) left += await this.#withoutMembers(networkId, invitationId);
    if (left > 0) return 0;
    const of = { networkId, metadata: this.#because('delete network', networkId) };
    await this.deciders.network({ type: 'DeleteNetwork', ...of });
    return this.#withdraw(networkId, state.backboneId);
  }

  async #withdraw(networkId: string, backboneId: string): Promise<number> {
    const withdrawn = { backboneId, networkId, metadata: this.#because('withdraw network', networkId) };
    return (await this.deciders.backbone({ type: 'WithdrawNetwork', ...withdrawn })).position;
  }

  /** Resolves with how many are left; 0: the invitation is gone too. */
  async #withoutMembers(networkId: string, invitationId: string): Promise<number> {
    const { status } = await readState(this.log, invitation, invitationStream(invitationId));
    if (status === 'unknown') return 1; // it is being opened
    if (status !== 'deleted') {
      const left = await unlessGone('invitation.unknown', this.#emptied(networkId, invitationId));
      if (left) return left;
    }
    const unlisted = { networkId, invitationId, metadata: this.#because('unlist invitation', invitationId) };
    await this.deciders.network({ type: 'UnlistInvitation', ...unlisted });
    return 0;
  }

  /**
   * Resolves with how many are left; 0: it is deleted. Who is in it is read when nobody can claim it any more.
   * @throws Rejection `invitation.unknown`
   */
  async #emptied(networkId: string, invitationId: string): Promise<number> {
    const revoked = { invitationId, metadata: this.#because('revoke invitation', invitationId) };
    const { state } = await this.deciders.invitation({ type: 'RevokeInvitation', ...revoked });
    for (const memberId of 'awaited' in state ? [...state.awaited.keys()] : []) {
      const declined = { invitationId, memberId, metadata: this.#because('decline claim', memberId) };
      await this.deciders.invitation({ type: 'DeclineClaim', ...declined });
    }
    const members = 'members' in state ? [...state.members.keys()] : [];
    let gone = 0;
    for (let from = 0; from < members.length; from += MOST_AT_ONCE) {
      gone += await this.#withoutThese(networkId, invitationId, members.slice(from, from + MOST_AT_ONCE));
    }
    if (gone < members.length) return members.length - gone;
    const deleted = { invitationId, networkId, metadata: this.#because('delete invitation', invitationId) };
    await this.deciders.invitation({ type: 'DeleteInvitation', ...deleted });
    return 0;
  }

  /** Resolves with how many of them are gone. */
  async #withoutThese(networkId: string, invitationId: string, members: readonly string[]): Promise<number> {
    const found = await Promise.allSettled(members.map((memberId) => this.#isGone(networkId, memberId)));
    const failed = found.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason; // and nothing goes on behind our back
    const memberIds = members.filter((_, at) => found[at]?.status === 'fulfilled' && found[at].value);
    const metadata = this.#because('record members gone', invitationId, ...memberIds);
    await this.deciders.invitation({ type: 'RecordMembersGone', invitationId, memberIds, metadata });
    return memberIds.length;
  }

  /** Removes it if it is there. One that is not admitted yet is going to be. */
  async #isGone(networkId: string, memberId: string): Promise<boolean> {
    const { status } = await readState(this.log, member, memberStream(memberId));
    if (status === 'active') {
      const removed = { memberId, networkId, metadata: this.#because('remove member', memberId) };
      await unlessGone('member.unknown', this.deciders.member({ type: 'RemoveMember', ...removed }));
    }
    return status !== 'unknown';
  }

  #because(...what: readonly [string, ...string[]]) {
    return watchMetadata(['teardown', ...what], this.clock.now());
  }
}
