import { expect } from 'vitest';
import { eventRegistry, Rejection } from '@caravan/event-store';
import type { CommandMetadata, Decider, DeclaredEvent } from '@caravan/event-store';
import { streamName } from '@caravan/events';
import type { Event } from '@caravan/events';
import { commandMetadata } from './command-metadata.js';

/** What is said of a decided command. Each of them fails the test when it does not hold. */
export interface Outcome<E> {
  /** It led to exactly these events, in this order. */
  then(...events: E[]): void;
  /** It was refused with this code and, if given, with these details among others. */
  thenRejects(code: string, details?: Readonly<Record<string, unknown>>): void;
  /** There was nothing to do. */
  thenNothing(): void;
}

export interface Specification<C, E> {
  /** What happened before. */
  given(...events: E[]): { when(command: C): Outcome<E> };
}

/**
 * Given events, when a command, then events: a spec of a decider in its own words. With `eventTypes` all events are held
 * against their schemas too. `decide` may be called more than once, and must not change the state.
 *
 * @example
 * const { given } = specification(invitation, invitationEvents);
 * given(issued).when(claim(key)).then(InvitationClaimed({ ... }));
 * given(issued, revoked).when(claim(key)).thenRejects('invitation.revoked');
 */
export function specification<State, C, E extends Event>(
  decider: Decider<State, C, E>,
  eventTypes?: readonly DeclaredEvent[],
): Specification<C, E> {
  const check = eventTypes ? schemaCheck(eventTypes) : () => undefined;
  const stateAfter = (events: readonly E[]): State =>
    events.reduce((state, event) => decider.evolve(state, event), decider.initial());

  return {
    given: (...events) => ({
      when(command) {
        events.forEach(check);
        const decide = (): readonly E[] => {
          const state = stateAfter(events);
          const before = structuredClone(state);
          try {
            return decider.decide(command, state);
          } finally {
            expect(state).toEqual(before); // decide only reads
          }
        };
        return {
          then(...expected) {
            const decided = decide();
            expect(decided).toEqual(expected);
            decided.forEach(check);
            decided.reduce((state, event) => decider.evolve(state, event), stateAfter(events)); // it can be evolved
          },
          thenRejects(code, details) {
            const rejection = thrownBy(decide);
            expect(rejection.code).toBe(code);
            if (details) expect(rejection.details).toMatchObject(details);
          },
          thenNothing() {
            expect(decide()).toEqual([]);
          },
        };
      },
    }),
  };
}

function thrownBy(decide: () => readonly unknown[]): Rejection {
  let events: readonly unknown[];
  try {
    events = decide();
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
  throw new Error(`it was not refused but led to ${JSON.stringify(events)}`);
}

function schemaCheck(eventTypes: readonly DeclaredEvent[]): (event: Event) => void {
  const registry = eventRegistry(eventTypes);
  const metadata: CommandMetadata = commandMetadata();
  return (event) => {
    const category = registry.types.get(event.type)?.category;
    if (!category) throw new Error(`${event.type} is not among the event types of this specification`);
    registry.encode(streamName(category, 'specified'), [event], metadata, null);
  };
}
