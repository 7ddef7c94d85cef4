import { commitMetadata, Rejection } from '@caravan/event-store';
import type { AppendOptions, Handled, RecordedEvent } from '@caravan/event-store';
import type { Actor, Event, StreamName } from '@caravan/events';
import type { BackboneCommand } from '../backbones/backbone-commands.js';
import type { BackboneNameCommand } from '../backbones/backbone-name.js';
import type { InvitationCommand } from '../invitations/invitation.js';
import type { MemberCommand } from '../members/member.js';
import type { NetworkCommand } from '../networks/network-state.js';
import { verdictOnInvitation } from './invitation-rules.fixture.js';
import { verdictOnNetwork } from './membership-rules.fixture.js';
import { verdictOnMember } from './member-rules.fixture.js';
import type { Statistics } from './statistics.fixture.js';
import { verdictOnBackbone, verdictOnName } from './topology-rules.fixture.js';
import { emptyWorld } from './world.fixture.js';
import type { Verdict, World } from './world.fixture.js';

export interface Commands {
  readonly backbone: BackboneCommand;
  readonly backboneName: BackboneNameCommand;
  readonly network: NetworkCommand;
  readonly invitation: InvitationCommand;
  readonly member: MemberCommand;
}
export type AggregateName = keyof Commands;

const rules: { readonly [Name in AggregateName]: (world: World, command: Commands[Name]) => Verdict } = {
  backbone: verdictOnBackbone,
  backboneName: verdictOnName,
  network: verdictOnNetwork,
  invitation: verdictOnInvitation,
  member: verdictOnMember,
};

/** The deciders and the model do not agree, or an invariant does not hold. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

interface Ruling {
  /** What the model says of the command, in the world as it was when the process had just looked at it. */
  onFresh?: Verdict;
}

const inWords = (verdict: Verdict): string =>
  'refused' in verdict ? `refused with ${verdict.refused}` : verdict.does.join(', ') || 'nothing to do';

/**
 * Holds everything that is decided against the model. A refusal and "nothing to do" must be right for the world as it was at the
 * process's last look; events for the world as it is when they are appended, and that is when it changes.
 */
export class Referee {
  readonly world = emptyWorld();
  readonly log: RecordedEvent[] = [];
  /** What each command led to, by its stream and id. */
  readonly answers = new Map<string, { readonly facts: readonly string[]; readonly actor: Actor }>();
  readonly disagreements: Disagreement[] = [];
  private readonly rulings = new WeakMap<object, Ruling>();

  constructor(readonly statistics: Statistics) {}

  verdict<Name extends AggregateName>(name: Name, command: Commands[Name]): Verdict {
    return (rules[name] as (world: World, command: Commands[Name]) => Verdict)(this.world, command);
  }

  /** Something that a process said beside what its deciders say, and that is not so. */
  contradicts(said: string): never {
    const disagreement = new Disagreement(said);
    this.disagreements.push(disagreement);
    throw disagreement;
  }

  /** What a decider says; `fresh`: of the world as it is now. */
  decided<Name extends AggregateName, E extends Event>(
    name: Name,
    command: Commands[Name],
    fresh: boolean,
    decide: () => readonly E[],
  ): readonly E[] {
    if (!fresh) {
      this.statistics.count('decided on what was remembered');
      return decide();
    }
    const verdict = this.verdict(name, command);
    const ruling = this.rulings.get(command);
    if (ruling) ruling.onFresh = verdict;
    const said = attempted(decide);
    if (inWords(said) !== inWords(verdict)) this.disagree(command, inWords(said), inWords(verdict));
    return said.give();
  }

  /** A commit is in the log. */
  appended<Name extends AggregateName>(
    name: Name,
    command: Commands[Name],
    events: readonly Event[],
    { metadata }: AppendOptions,
    at: { readonly stream: StreamName; readonly position: number },
  ): void {
    const verdict = this.verdict(name, command);
    const facts = events.map(({ type }) => type);
    const said: Verdict = { does: facts, then: () => undefined };
    if (inWords(said) !== inWords(verdict)) this.disagree(command, inWords(said), inWords(verdict));
    if ('then' in verdict) verdict.then();
    this.answers.set(`${at.stream} ${metadata.commandId}`, { facts, actor: metadata.actor });
    const kept = commitMetadata(metadata);
    events.forEach((event, index) =>
      this.log.push({ ...event, ...at, index, at: metadata.now.toISOString(), metadata: kept }),
    );
  }

  /** What whoever sent the command hears. */
  async judge<State, Name extends AggregateName>(
    command: Commands[Name],
    stream: string,
    handle: () => Promise<Handled<State>>,
  ): Promise<Handled<State>> {
    const ruling: Ruling = {};
    this.rulings.set(command, ruling);
    this.statistics.command(command.type);
    try {
      const handled = await handle();
      this.accepted(command, stream, handled, ruling);
      return handled;
    } catch (error) {
      if (error instanceof Rejection) this.rejected(command, stream, error, ruling);
      throw error;
    }
  }

  disagree(command: object, said: string, wanted: string): never {
    const disagreement = new Disagreement(`${JSON.stringify(command)}\n  said: ${said}\n  model: ${wanted}`);
    this.disagreements.push(disagreement);
    throw disagreement;
  }

  private accepted<State, Name extends AggregateName>(
    command: Commands[Name],
    stream: string,
    { events, duplicate }: Handled<State>,
    { onFresh }: Ruling,
  ): void {
    const facts = events.map(({ type }) => type).join();
    const answer = this.answers.get(`${stream} ${command.metadata.commandId}`);
    if (events.length > 0) {
      if (duplicate) this.statistics.count('answered a second time');
      if (facts !== answer?.facts.join()) this.disagree(command, facts, answer?.facts.join() ?? 'never appended');
      return;
    }
    this.statistics.count('nothing to do');
    const right = onFresh && 'does' in onFresh && onFresh.does.length === 0;
    if (!right) this.disagree(command, 'nothing to do', onFresh ? inWords(onFresh) : 'it was not looked at');
  }

  private rejected<Name extends AggregateName>(
    command: Commands[Name],
    stream: string,
    { code }: Rejection,
    { onFresh }: Ruling,
  ): void {
    this.statistics.rejection(code);
    if (code === 'command.id-reused') {
      const { commandId, actor } = command.metadata;
      const owner = this.answers.get(`${stream} ${commandId}`)?.actor;
      if (!owner || owner.id === actor.id) this.disagree(command, code, 'the id is its own');
      return;
    }
    const right = onFresh && 'refused' in onFresh && onFresh.refused === code;
    if (!right) this.disagree(command, `refused with ${code}`, onFresh ? inWords(onFresh) : 'it was not looked at');
  }
}

/** What a decider says, as a verdict, and the way to let it say so. */
function attempted<E extends Event>(decide: () => readonly E[]): Verdict & { give(): readonly E[] } {
  try {
    const events = decide();
    return { does: events.map(({ type }) => type), then: () => undefined, give: () => events };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return {
      refused: error.code,
      give: () => {
        throw error;
      },
    };
  }
}
