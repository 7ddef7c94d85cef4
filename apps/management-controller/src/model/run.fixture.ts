import fc from 'fast-check';
import type { EventStore } from '@caravan/event-store';
import { Desk } from './desk.fixture.js';
import type { Errand } from './desk.fixture.js';
import { crowdedKind, endpointKinds } from './endpoint-requests.fixture.js';
import { checkInvariants } from './invariants.fixture.js';
import { membershipKinds } from './membership-requests.fixture.js';
import { timeOf } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';
import type { Faults } from './processes.fixture.js';
import type { Statistics } from './statistics.fixture.js';
import { topologyKinds } from './topology-requests.fixture.js';

const KINDS: readonly Kind[] = [...topologyKinds, ...membershipKinds, ...endpointKinds];
const WEIGHED = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
const kindNamed = (name: string): Kind => KINDS.find(({ kind }) => kind === name)!;

/** Numbers to make a request of; which kind, or an earlier one again. */
interface Step {
  readonly kind: number;
  readonly process: number;
  readonly time: number;
  readonly dice: readonly number[];
}
/** What is asked at the same time, and what befalls it. */
export interface Round {
  readonly steps: readonly Step[];
  readonly order: number;
  readonly fate: number;
  readonly afterwards: number;
}

const die = fc.nat(9_999);
const step = fc.record({
  kind: fc.nat(WEIGHED.length + 11),
  process: fc.nat(1),
  time: fc.nat(14_999),
  dice: fc.array(die, { minLength: 6, maxLength: 6 }),
});
const round = fc.record({
  steps: fc.oneof(
    { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(step, { minLength: 2, maxLength: 3 }) },
  ),
  order: fc.nat(),
  fate: fc.nat(99),
  afterwards: die,
});

/** Rounds of requests as they may come in a life of an installation. */
export const rounds = (most: number): fc.Arbitrary<Round[]> => fc.array(round, { maxLength: most, size: 'max' });

/** A backbone with a door of each kind, a network with an invitation and two members: most requests are about something. */
const PROLOGUE: readonly (readonly [string, ...number[]])[] = [
  ['create backbone', 0, 0],
  ['add site', 0, 0],
  ['add site', 0, 1],
  ['add access point', 0, 0, 0, 1, 1],
  ['add access point', 1, 0, 1, 1, 1],
  ['add access point', 1, 1, 2, 1, 1],
  ['create network', 0, 0, 6, 1],
  ['add class', 0, 0, 1],
  ['create invitation', 0, 1, 1, 3, 1, 0],
  ['claim', 0, 0, 1],
  ['claim', 0, 1, 1],
];

/**
 * Plays the rounds against the model, brings everything that was begun to its end, and looks at what must always hold.
 * @throws Disagreement, or what an invariant says
 */
export async function play(store: EventStore, played: readonly Round[], statistics: Statistics, faults: Faults = {}) {
  const desk = new Desk(store, statistics, faults);
  for (const [kind, ...dice] of PROLOGUE) await performOne(desk, kindNamed(kind).make(desk, dice));
  for (const each of played) {
    await playRound(desk, each, statistics);
    const [first] = desk.referee.disagreements;
    if (first) throw first;
  }
  await desk.settle(timeOf(desk, 0));
  const [first] = desk.referee.disagreements;
  if (first) throw first;
  await checkInvariants(desk, store, faults);
}

async function performOne(desk: Desk, request: Errand['request']): Promise<void> {
  await desk.perform([{ process: 0, request, now: timeOf(desk, 0) }], 0);
  desk.requests.push(request);
  await desk.settle(timeOf(desk, 0));
}

async function playRound(desk: Desk, { steps, order, fate, afterwards }: Round, statistics: Statistics): Promise<void> {
  const errands = steps.map((each) => errandOf(desk, each, statistics));
  const kill =
    fate < 8 ? { process: errands[0]!.process, turns: 1 + (fate % 4), withEffect: fate % 2 === 0 } : undefined;
  const trouble = fate > 95 ? 'lost' : fate > 91 ? 'unanswered' : undefined;
  await desk.perform(errands, order, kill, trouble);
  // The reaction comes now or later, to the first of what it has not seen yet; and again to what it has.
  if (afterwards % 3 === 0) await desk.react(afterwards % 2, 1 + (afterwards % 4), timeOf(desk, afterwards));
  const { log } = desk.referee;
  if (afterwards % 7 === 0 && log.length > 0) {
    const request = desk.reactionTo(afterwards % log.length);
    await desk.perform([{ process: order % 2, request, now: timeOf(desk, afterwards) }], 0);
    statistics.count('reaction repeated or early');
  }
  if (afterwards % 2 === 0) desk.lists.show(log, log.length - (afterwards % 5));
  for (const process of desk.processes)
    if ((afterwards + order) % 5 !== 0) desk.inform(process, log.length - (order % 3));
}

function errandOf(desk: Desk, { kind, process, time, dice }: Step, statistics: Statistics): Errand {
  const now = timeOf(desk, time);
  const { requests } = desk;
  const beyond = kind - WEIGHED.length;
  if (beyond >= 0 && beyond < 10 && requests.length > 0) {
    statistics.count('asked again');
    // Mostly one of the last: the client that heard nothing.
    const back = dice[0]! % (dice[1]! % 4 === 0 ? requests.length : Math.min(4, requests.length));
    const request = requests.at(-1 - back)!;
    return { process, request, now, ...(beyond < 2 && { actor: 'somebody else' }) };
  }
  const chosen = beyond >= 10 && dice[2]! % 8 === 0 ? crowdedKind : (WEIGHED[kind] ?? WEIGHED[0]!);
  const request = chosen.make(desk, dice);
  requests.push(request);
  return { process, request, now };
}
