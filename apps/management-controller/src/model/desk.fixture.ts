import type { CommandMetadata, EventStore } from '@caravan/event-store';
import type { Clock, Service } from '@caravan/platform';
import { LogError, Rejection } from '@caravan/event-store';
import { OpeningReactions } from '../opening/opening.reactions.js';
import { Lists } from './lists.fixture.js';
import { endNetworks } from './looks.fixture.js';
import { Process } from './processes.fixture.js';
import type { Faults } from './processes.fixture.js';
import { Disagreement, Referee } from './referee.fixture.js';
import type { Statistics } from './statistics.fixture.js';
import { diceOf, Turns } from './turns.fixture.js';

/** Something that somebody asks for; asked again it is the same command, at another time and perhaps of another process. */
export interface Request {
  readonly kind: string;
  run(process: Process, now: Date, actor: string): Promise<unknown>;
}

/** What a process is asked to do beside others at the same time. */
export interface Errand {
  readonly process: number;
  readonly request: Request;
  readonly now: Date;
  readonly actor?: string;
}

/** A kill: of which process, at its how many-th look at the log, with that look's effect or without. */
export type Kill = { readonly process: number; readonly turns: number; readonly withEffect: boolean } | undefined;

const PROCESSES = 2;
/** More than anything takes that is begun. */
const MOST_LOOKS = 100;
const service = { name: 'model' } as Service;

/** Two processes of the service on one log, the lists that they share, and the model that everything is held against. */
export class Desk {
  readonly referee: Referee;
  readonly lists = new Lists();
  readonly processes: Process[];
  readonly requests: Request[] = [];
  private readonly turns = new Turns();
  /** Events that the reaction has dealt with. */
  private reacted = 0;
  private made = 0;

  constructor(
    private readonly log: EventStore,
    private readonly statistics: Statistics,
    private readonly faults: Faults = {},
  ) {
    this.referee = new Referee(statistics);
    this.processes = Array.from({ length: PROCESSES }, () => this.newProcess());
  }

  get world() {
    return this.referee.world;
  }

  /** An id that nobody had before. */
  nextCommandId(): string {
    return `command-${++this.made}`;
  }

  metadata(commandId: string, now: Date, actor: string): CommandMetadata {
    const by = { kind: 'administrator', id: actor } as const;
    const causes = { correlationId: commandId, causationId: commandId, ownerGroup: null };
    return { commandId, now, actor: by, via: 'api', source: 'model', ...causes };
  }

  /** Does them at the same time, in an order that follows from the seed. */
  async perform(errands: readonly Errand[], seed: number, kill?: Kill, trouble?: 'lost' | 'unanswered'): Promise<void> {
    const [first] = errands;
    if (trouble && first) this.processes[first.process]!.life.trouble = trouble;
    if (kill) this.processes[kill.process]!.life.fate = { ...kill };
    const flows = errands.map(({ process: at, request, now, actor = 'somebody' }) => {
      const process = this.processes[at]!;
      return { life: process.life, run: () => this.attempt(() => request.run(process, now, actor)) };
    });
    await this.turns.together(flows, diceOf(seed));
    this.bury();
    for (const { life } of this.processes) life.trouble = undefined;
  }

  /** Delivers the next events to the reaction, one by one, as a durable consumer gets them. */
  async react(process: number, count: number, now: Date): Promise<void> {
    for (let n = 0; n < count && this.reacted < this.referee.log.length; n++) {
      const event = this.reacted;
      await this.perform([{ process, request: this.reactionTo(event), now }], 0);
      this.reacted = Math.max(this.reacted, event + 1); // unless it died: then it comes again
    }
  }

  /** The reaction to an event that is in the log. */
  reactionTo(index: number): Request {
    const event = this.referee.log[index]!;
    return {
      kind: `reaction to ${event.type}`,
      run: async ({ deciders }, now) => {
        const clock: Clock = { now: () => now };
        const reactions = new OpeningReactions(deciders, clock, service);
        const react: Readonly<Record<string, (event: never) => Promise<void>>> = {
          NetworkPlaced: (it) => reactions.openNetwork(it),
          NetworkDeleted: (it) => reactions.withdrawNetwork(it),
          InvitationListed: (it) => reactions.openInvitation(it),
          InvitationDeleted: (it) => reactions.unlistInvitation(it),
          InvitationClaimed: (it) => reactions.admit(it),
          MemberRemoved: (it) => reactions.recordMemberGone(it),
        };
        await react[event.type]?.(event as never);
      },
    };
  }

  /** Everything that was begun is brought to its end, and everybody knows everything. */
  async settle(now: Date): Promise<void> {
    let seen = -1;
    for (let looks = 0; this.referee.log.length > seen; looks++) {
      if (looks > MOST_LOOKS) this.referee.contradicts('it comes to an end');
      seen = this.referee.log.length;
      while (this.reacted < this.referee.log.length) await this.react(0, 1, now);
      this.inform(this.processes[0]!);
      const look = { kind: 'look at networks', run: (process: Process) => endNetworks(process, now) };
      await this.perform([{ process: 0, request: look, now }], 0);
    }
    this.lists.show(this.referee.log);
    for (const process of this.processes) this.inform(process);
  }

  /** A process' directory learns of what is in the log. */
  inform(process: Process, upTo = this.referee.log.length): void {
    for (; process.known < upTo; process.known++) process.directory.apply(this.referee.log[process.known]!);
  }

  private newProcess(): Process {
    return new Process(this.log, this.turns, this.referee, this.faults);
  }

  /** Who was killed is started again, and remembers nothing. */
  private bury(): void {
    this.processes.forEach(({ life }, at) => {
      life.fate = undefined;
      if (!life.dead) return;
      this.statistics.count('killed');
      this.processes[at] = this.newProcess();
    });
  }

  /** A refusal is an answer. What else comes out is a fault. */
  private async attempt(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (error instanceof Rejection) return;
      if (error instanceof LogError && error.code === 'log.contended') return this.statistics.count('contended');
      if (error instanceof Disagreement) return; // remembered by the referee
      throw error;
    }
  }
}
