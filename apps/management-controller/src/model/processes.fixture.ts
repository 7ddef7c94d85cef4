import { handleCommand, stateCache } from '@caravan/event-store';
import type { CachedState, Decider, EventStore, StateCache } from '@caravan/event-store';
import type { Event, StreamName } from '@caravan/events';
import { aggregates } from '../deciding/aggregates.js';
import type { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import type { AggregateName, Commands, Referee } from './referee.fixture.js';
import { Life } from './turns.fixture.js';
import type { Turns } from './turns.fixture.js';

type AnyDecider = Decider<unknown, never, Event>;
/** Deciders in place of the real ones: with a fault. */
export type Faults = { readonly [Name in AggregateName]?: AnyDecider };

export const aggregateNames = ['backbone', 'backboneName', 'network', 'invitation', 'member'] as const;

export const deciderOf = (name: AggregateName, faults: Faults): AnyDecider => faults[name] ?? aggregates[name].decider;

interface Deciding {
  readonly name: AggregateName;
  readonly command: Commands[AggregateName];
}

/** A process of the service: its deciders with what they remember, and what it knows of who exists. */
export class Process {
  readonly life = new Life();
  readonly deciders: Deciders;
  /** For who looks at a stream without deciding on it. */
  readonly store: EventStore;
  readonly caches: Record<AggregateName, RememberedStates>;
  readonly directory = new Directory();
  /** How much of the log the directory knows. */
  known = 0;
  /** Whose events an append on a stream are: a stream has one command at a time. */
  private readonly deciding = new Map<string, Deciding>();

  constructor(
    private readonly log: EventStore,
    private readonly turns: Turns,
    private readonly referee: Referee,
    private readonly faults: Faults,
  ) {
    this.store = this.storeInTurns(() => undefined);
    this.caches = Object.fromEntries(aggregateNames.map((name) => [name, rememberedStates()])) as typeof this.caches;
    this.deciders = Object.fromEntries(
      aggregateNames.map((name) => [name, this.handlerOf(name)]),
    ) as unknown as Deciders;
  }

  private handlerOf(name: AggregateName) {
    const { stream, ...aggregate } = aggregates[name] as unknown as {
      readonly stream: (command: Commands[AggregateName]) => StreamName;
      readonly opens?: (command: Commands[AggregateName]) => boolean;
    };
    const decider = deciderOf(name, this.faults) as Decider<unknown, Commands[AggregateName], Event>;
    const handle = handleCommand({
      ...aggregate,
      stream,
      store: this.storeInTurns((on) => this.life.readAt.set(on, this.turns.now)),
      cache: this.caches[name],
      decider: {
        ...decider,
        decide: (command, state) => {
          const on = stream(command);
          this.deciding.set(on, { name, command });
          const fresh = this.life.readAt.get(on) === this.turns.now;
          return this.referee.decided(name, command, fresh, () => decider.decide(command, state));
        },
      },
    });
    return (command: Commands[AggregateName]) => this.referee.judge(command, stream(command), () => handle(command));
  }

  private storeInTurns(looked: (stream: string) => void): EventStore {
    const { turns, life, log } = this;
    return {
      read: (stream, options) =>
        turns.take(life, async () => {
          const read = await log.read(stream, options);
          if (options?.upTo === undefined) looked(stream); // else it was for an old answer
          return read;
        }),
      append: (stream, events, options) =>
        turns.take(life, async () => {
          const { trouble } = life;
          life.trouble = undefined;
          if (trouble) this.referee.statistics.count(`append ${trouble}`);
          if (trouble === 'lost') return { outcome: 'undecided', reason: 'lost' };
          const outcome = await log.append(stream, events, options);
          if (outcome.outcome === 'conflict') this.referee.statistics.count('append in conflict');
          if (outcome.outcome === 'appended' && !outcome.duplicate) {
            const { name, command } = this.deciding.get(stream)!;
            this.referee.appended(name, command, events, options, { stream, position: outcome.position });
          }
          return trouble ? { outcome: 'undecided', reason: 'unanswered' } : outcome;
        }),
      pause: async () => undefined,
    };
  }
}

/** A cache that can be looked into. */
export interface RememberedStates extends StateCache<unknown> {
  readonly streams: ReadonlySet<string>;
  look(stream: string): CachedState<unknown> | undefined;
}

function rememberedStates(): RememberedStates {
  const cache = stateCache<unknown>();
  const streams = new Set<string>();
  return {
    ...cache,
    streams,
    put: (stream, state) => {
      streams.add(stream);
      cache.put(stream, state);
    },
    look: (stream) => {
      const state = cache.take(stream);
      if (state) cache.put(stream, state);
      return state;
    },
  };
}
