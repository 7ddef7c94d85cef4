import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RotationEvent, RotationPhase } from '@caravan/events';
import {
  RotationAdvanced,
  RotationBegun,
  rotationEvents,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  rotationPhases,
  RotationResumed,
} from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { rotation } from './rotation.js';
import type { RotationCommand } from './rotation.js';

const { given } = specification(rotation, rotationEvents);

const ownerId = id('demo');
const owner = { kind: 'backbone', backboneId: ownerId } as const;
const all = { confirmed: 3, without: 0, withoutSites: [] };
const of = (rotationId: string) => ({ ownerId, rotationId: id(rotationId) });
const about = (rotationId: string) => ({ ...of(rotationId), metadata: commandMetadata() });

const begin = (name: string) =>
  ({ type: 'BeginRotation', owner, cause: 'requested', patienceSeconds: null, ...about(name) }) as const;
const advance = (name: string, from: RotationPhase, seen = all) =>
  ({ type: 'AdvanceRotation', from, ...seen, ...about(name) }) as const;
const pause = (name: string) => ({ type: 'PauseRotation', ...about(name) }) as const;
const resume = (name: string) => ({ type: 'ResumeRotation', ...about(name) }) as const;
const wait = (name: string, patienceSeconds: number | null) =>
  ({ type: 'ChangeRotationPatience', patienceSeconds, ...about(name) }) as const;

const begun = (name: string, ordinal = 2) =>
  RotationBegun({ ...of(name), owner, ordinal, cause: 'requested', patienceSeconds: null });
const advanced = (name: string, phase: 'listeners' | 'diallers' | 'retire', ordinal = 2, seen = all) =>
  RotationAdvanced({ ...of(name), owner, ordinal, phase, ...seen, withoutSites: [...seen.withoutSites] });
const finished = (name: string, ordinal = 2) => RotationFinished({ ...of(name), ordinal, ...all });
const through = (name: string, ordinal = 2): RotationEvent[] => [
  begun(name, ordinal),
  advanced(name, 'listeners', ordinal),
  advanced(name, 'diallers', ordinal),
  advanced(name, 'retire', ordinal),
];

describe('a rotation', () => {
  it('makes the next ordinal, the first time the second', () => {
    given().when(begin('a')).then(begun('a'));
    given(...through('a'), finished('a'))
      .when(begin('b'))
      .then(begun('b', 3));
  });

  it('is one at a time', () => {
    given(begun('a'))
      .when(begin('b'))
      .thenRejects('rotation.under-way', { rotationId: id('a'), phase: 'trust' });
    given(...through('a'))
      .when(begin('b'))
      .thenRejects('rotation.under-way', { rotationId: id('a'), phase: 'retire' });
  });

  it('is begun once, also when it is asked for again after its end', () => {
    given(begun('a')).when(begin('a')).thenNothing();
    given(...through('a'), finished('a'))
      .when(begin('a'))
      .thenNothing();
  });

  it('goes through its phases in their order, and ends', () => {
    given(begun('a')).when(advance('a', 'trust')).then(advanced('a', 'listeners'));
    given(begun('a'), advanced('a', 'listeners')).when(advance('a', 'listeners')).then(advanced('a', 'diallers'));
    given(...through('a').slice(0, 3))
      .when(advance('a', 'diallers'))
      .then(advanced('a', 'retire'));
    given(...through('a'))
      .when(advance('a', 'retire'))
      .then(finished('a'));
  });

  it('advances once, whoever saw the phase end', () => {
    given(begun('a'), advanced('a', 'listeners')).when(advance('a', 'trust')).thenNothing();
    given(...through('a'), finished('a'))
      .when(advance('a', 'retire'))
      .thenNothing();
  });

  it('leaves out no phase', () => {
    given(begun('a')).when(advance('a', 'listeners')).thenRejects('rotation.not-there-yet', { phase: 'trust' });
    given(begun('a'), advanced('a', 'listeners')).when(advance('a', 'retire')).thenRejects('rotation.not-there-yet');
  });

  it('says how many confirmed and whom it went on without', () => {
    const some = { confirmed: 2, without: 1, withoutSites: [id('away')] };
    given(begun('a'))
      .when(advance('a', 'trust', some as never))
      .then(advanced('a', 'listeners', 2, some as never));
  });

  it('stands still while it is paused, in any phase', () => {
    given(begun('a'))
      .when(pause('a'))
      .then(RotationPaused(of('a')));
    const paused = [begun('a'), RotationPaused(of('a'))];
    given(...paused)
      .when(pause('a'))
      .thenNothing();
    given(...paused)
      .when(advance('a', 'trust'))
      .thenRejects('rotation.paused');
    given(...paused)
      .when(resume('a'))
      .then(RotationResumed(of('a')));
    given(...paused, RotationResumed(of('a')))
      .when(resume('a'))
      .thenNothing();
    given(...paused, RotationResumed(of('a')))
      .when(advance('a', 'trust'))
      .then(advanced('a', 'listeners'));
  });

  it('can be told to go on without those that are away', () => {
    const changed = RotationPatienceChanged({ ...of('a'), patienceSeconds: 0 });
    given(begun('a')).when(wait('a', 0)).then(changed);
    given(begun('a'), changed).when(wait('a', 0)).thenNothing();
    given(begun('a')).when(wait('a', null)).thenNothing();
  });

  it('is told nothing more once it is finished, and nothing when it is another', () => {
    for (const command of [pause('a'), resume('a'), wait('a', 1)]) {
      given(...through('a'), finished('a'))
        .when(command)
        .thenRejects('rotation.finished');
      given().when(command).thenRejects('rotation.unknown');
      given(begun('b'))
        .when(command)
        .thenRejects('rotation.unknown', { rotationId: id('a') });
    }
    given(begun('b')).when(advance('a', 'trust')).thenRejects('rotation.unknown');
  });
});

describe('any commands at all', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const command: fc.Arbitrary<RotationCommand> = fc.oneof(
    name.map(begin),
    { weight: 4, arbitrary: fc.tuple(name, fc.constantFrom(...rotationPhases)).map(([of, from]) => advance(of, from)) },
    name.map(pause),
    { weight: 2, arbitrary: name.map(resume) },
    fc.tuple(name, fc.constantFrom(0, 60, null)).map(([of, patience]) => wait(of, patience)),
  );

  it('lead to whole rotations, one after the other, each of the next ordinal', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        let state = rotation.initial();
        const log: RotationEvent[] = [];
        for (const each of commands) {
          for (const event of decided(each, state)) {
            log.push(event);
            state = rotation.evolve(state, event);
          }
        }
        const steps = log.flatMap((event) => {
          if (event.type === 'RotationBegun') return `${event.data.ordinal} trust`;
          if (event.type === 'RotationAdvanced') return `${event.data.ordinal} ${event.data.phase}`;
          return event.type === 'RotationFinished' ? `${event.data.ordinal} finished` : [];
        });
        const ordinals = Array.from({ length: 41 }, (_, index) => index + 2); // more than 200 commands finish
        const whole = (ordinal: number) => [...rotationPhases, 'finished'].map((step) => `${ordinal} ${step}`);
        expect(steps).toEqual(ordinals.flatMap(whole).slice(0, steps.length));
      }),
      { numRuns: 300 },
    );
  });
});

function decided(command: RotationCommand, state: ReturnType<typeof rotation.initial>): readonly RotationEvent[] {
  try {
    return rotation.decide(command, state);
  } catch (error) {
    if (error instanceof Rejection) return [];
    throw error;
  }
}
