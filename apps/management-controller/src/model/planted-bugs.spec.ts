import { describe, expect, it } from 'vitest';
import { InMemoryEventStore } from '@caravan/event-store';
import type { Decider, EventStore } from '@caravan/event-store';
import type { BackboneEvent, InvitationEvent, MemberEvent, NetworkEvent } from '@caravan/events';
import { backbone } from '../backbones/backbone.js';
import type { BackboneCommand } from '../backbones/backbone-commands.js';
import { backboneName } from '../backbones/backbone-name.js';
import type { BackboneState } from '../backbones/backbone-state.js';
import { invitation } from '../invitations/invitation.js';
import type { InvitationCommand, InvitationState } from '../invitations/invitation.js';
import { member } from '../members/member.js';
import type { MemberCommand, MemberState } from '../members/member.js';
import { network } from '../networks/network.js';
import type { NetworkCommand, NetworkState } from '../networks/network-state.js';
import { tryOut } from './agreement.fixture.js';
import type { Trial } from './agreement.fixture.js';

type Invitations = Decider<InvitationState, InvitationCommand, InvitationEvent>;
const faulty = (change: Partial<Invitations>): Trial['faults'] => ({ invitation: { ...invitation, ...change } });

/** Decides on another state than there is. */
const seeing = (see: (state: Extract<InvitationState, { status: 'open' | 'revoked' }>) => InvitationState) =>
  faulty({
    decide: (command, state) =>
      invitation.decide(command, state.status === 'open' || state.status === 'revoked' ? see(state) : state),
  });

const inBackbone = (change: Partial<Decider<BackboneState, BackboneCommand, BackboneEvent>>): Trial['faults'] => ({
  backbone: { ...backbone, ...change },
});
const inNetwork = (change: Partial<Decider<NetworkState, NetworkCommand, NetworkEvent>>): Trial['faults'] => ({
  network: { ...network, ...change },
});
const inMember = (change: Partial<Decider<MemberState, MemberCommand, MemberEvent>>): Trial['faults'] => ({
  member: { ...member, ...change },
});

const planted: Record<string, Trial['faults']> = {
  'a limit that is one too high': seeing((state) => {
    const { instanceLimit } = state.terms;
    return { ...state, terms: { ...state.terms, instanceLimit: instanceLimit === null ? null : instanceLimit + 1 } };
  }),
  'a deadline that nobody looks at': seeing((state) => ({ ...state, terms: { ...state.terms, deadline: null } })),
  'a deadline that is a millisecond late': faulty({
    decide: (command, state) => {
      const earlier = new Date(command.metadata.now.getTime() - 1);
      return invitation.decide({ ...command, metadata: { ...command.metadata, now: earlier } }, state);
    },
  }),
  'a revocation that changes nothing': seeing((state) => ({ ...state, status: 'open' })),
  'a removed member whose key is let in again': faulty({
    evolve: (state, event) => {
      const after = invitation.evolve(state, event);
      if (event.type === 'InvitationMemberGone' && 'claims' in after) {
        for (const [key, { memberId }] of after.claims) if (memberId === event.data.memberId) after.claims.delete(key);
      }
      return after;
    },
  }),
  'an evolve that forgets who is gone': faulty({
    evolve: (state, event) => (event.type === 'InvitationMemberGone' ? state : invitation.evolve(state, event)),
  }),
  'an evolve that forgets a renamed site': inBackbone({
    evolve: (state, event) => (event.type === 'BackboneSiteRenamed' ? state : backbone.evolve(state, event)),
  }),
  'an address that a report takes from an operator': inBackbone({
    decide: (command, state) => {
      if (command.type !== 'AddressAccessPoint' || state.status !== 'active') return backbone.decide(command, state);
      const open = [...state.accessPoints].map(([id, each]) => [id, { ...each, addressedBy: null }] as const);
      return backbone.decide(command, { ...state, accessPoints: new Map(open) });
    },
  }),
  'a rename that does not mind another in between': inBackbone({
    decide: (command, state) => {
      if (command.type !== 'RenameBackbone') return backbone.decide(command, state);
      const { renamings: _, ...rest } = command;
      return backbone.decide(rest, state);
    },
  }),
  'a name that is released whatever was reserved since': {
    backboneName: {
      ...backboneName,
      decide: (
        command: Parameters<typeof backboneName.decide>[0],
        state: Parameters<typeof backboneName.decide>[1],
      ) => {
        const { reservations: _, ...rest } = command as typeof command & { reservations?: number };
        return backboneName.decide(rest, state);
      },
    },
  },
  'invitations whose names are not looked at': inNetwork({
    decide: (command, state) =>
      network.decide(
        command,
        state.status === 'active' && command.type === 'ListInvitation' ? { ...state, invitations: new Map() } : state,
      ),
  }),
  'an end of a network that nobody looks at': inNetwork({
    decide: (command, state) => network.decide(command, state.status === 'active' ? { ...state, endsAt: null } : state),
  }),
  'an end that is written down before it comes': inNetwork({
    decide: (command, state) => {
      if (command.type !== 'RecordNetworkEnd') return network.decide(command, state);
      const now = new Date('9999-12-31T23:59:59.999Z');
      return network.decide({ ...command, metadata: { ...command.metadata, now } }, state);
    },
  }),
  'an end that a clock which is behind takes back': inNetwork({
    decide: (command, state) =>
      network.decide(command, state.status === 'ended' ? { ...state, status: 'active' } : state),
  }),
  'a network that is deleted with what is left of it': inNetwork({
    decide: (command, state) => {
      const isBare = command.type === 'DeleteNetwork' && state.status === 'ended';
      return network.decide(command, isBare ? { ...state, invitations: new Map() } : state);
    },
  }),
  'a credential for a network that has ended': faulty({
    decide: (command, state) => {
      if (command.type !== 'RequestCredential') return invitation.decide(command, state);
      return invitation.decide({ ...command, network: { ...command.network, endsAt: null } }, state);
    },
  }),
  'a listener too many': inMember({
    decide: (command, state) => {
      if (command.type !== 'OpenListener' || state.status !== 'active') return member.decide(command, state);
      const [first, ...others] = state.listeners;
      const hidden = first && first[1].port !== command.port ? new Map(others) : state.listeners;
      return member.decide(command, { ...state, listeners: hidden });
    },
  }),
  'an evolve that forgets a closed connector': inMember({
    evolve: (state, event) => (event.type === 'ConnectorClosed' ? state : member.evolve(state, event)),
  }),
};

/** Takes every append, whatever the writer has seen. */
function withoutCompareAndSet(): EventStore {
  const log = new InMemoryEventStore();
  return {
    read: (...args) => log.read(...args),
    pause: () => log.pause(),
    append: async (stream, events, options) => {
      const { revision, lastCommitHash } = await log.read(stream);
      return log.append(stream, events, { ...options, expectedRevision: revision, previousHash: lastCommitHash });
    },
  };
}

/** As many as the sound ones are tried with. */
const COMMANDS = 100_000;

describe('a planted bug is found:', () => {
  it.each(Object.entries(planted))(
    '%s',
    async (_, faults) => {
      const { disagreement } = await tryOut({ commands: COMMANDS, ...(faults && { faults }) });
      expect(disagreement).toContain('MODEL_SEED=');
    },
    600_000,
  );

  it('a log without compare-and-set', async () => {
    const { disagreement } = await tryOut({ commands: COMMANDS, newLog: withoutCompareAndSet });
    expect(disagreement).toContain('MODEL_SEED=');
  }, 600_000);
});
