import { describe, expect, it } from 'vitest';
import {
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
} from '@caravan/events';
import type { RotationEvent } from '@caravan/events';
import { id } from '../example.fixture.js';
import { networkId, ofNetwork } from './rotating.fixture.js';
import { RunningRotations } from './running-rotations.js';

const of = { ownerId: networkId, rotationId: id('rotation') };
const seen = { confirmed: 1, without: 0, withoutSites: [] };
const begun = RotationBegun({ ...of, owner: ofNetwork, ordinal: 2, cause: 'requested', patienceSeconds: null });
const advanced = (phase: 'listeners' | 'diallers' | 'retire') =>
  RotationAdvanced({ ...of, owner: ofNetwork, ordinal: 2, phase, ...seen });
const finished = RotationFinished({ ...of, ordinal: 2, ...seen });
const authority = (kind: 'network' | 'claim' | 'member', ordinal = 2, of = networkId) =>
  ({ kind, ordinal, backboneId: id('demo'), networkId: of }) as const;

/** After these, each in a commit of its own, from position 1 on. */
function after(...events: RotationEvent[]): RunningRotations {
  const rotations = new RunningRotations();
  for (const [index, event] of events.entries()) rotations.apply(event, { position: index + 1, at: `at ${index + 1}` });
  return rotations;
}

describe('a rotation that is under way', () => {
  it('can be confirmed once the last of its authorities that sites trust is in the log', () => {
    const rotations = after(begun);
    const positions = [];
    for (const [position, kind] of [
      [5, 'network'],
      [6, 'claim'],
      [7, 'claim'],
      [8, 'member'],
      [9, 'member'],
    ] as const) {
      rotations.established(authority(kind), position);
      positions.push(rotations.of(networkId)?.position);
    }
    expect(positions).toEqual([undefined, undefined, undefined, 8, 8]);
  });

  it('is not by authorities of another ordinal or owner', () => {
    const rotations = after(begun);
    for (const kind of ['claim', 'member'] as const) {
      rotations.established(authority(kind, 1), 5);
      rotations.established(authority(kind, 2, id('other')), 5);
    }
    expect(rotations.of(networkId)?.position).toBeUndefined();
  });

  it('of the installation retires its authorities and nobody else’s', () => {
    const ours = { ownerId: id('installation'), rotationId: id('rotation') };
    const owner = { kind: 'installation' } as const;
    const started = RotationBegun({ ...ours, owner, ordinal: 2, cause: 'requested', patienceSeconds: null });
    const retired = RotationAdvanced({ ...ours, owner, ordinal: 2, phase: 'retire', ...seen });
    expect(after(started).isRetired(null, 1)).toBe(false);
    const rotations = after(started, retired);
    expect([1, 2].map((ordinal) => rotations.isRetired(null, ordinal))).toEqual([true, false]);
    expect(rotations.isRetired(networkId, 1)).toBe(false);
    expect(new RunningRotations().isRetired(null, 1)).toBe(false);
  });

  it('has a phase since an event, which is what sites must know', () => {
    expect(after(begun).of(networkId)).toMatchObject({ phase: 'trust', since: 'at 1', isPaused: false });
    expect(after(begun, advanced('listeners')).of(networkId)).toMatchObject({
      phase: 'listeners',
      since: 'at 2',
      position: 2,
    });
    // An authority that comes late changes nothing about a later phase.
    const later = after(begun, advanced('listeners'));
    for (const kind of ['claim', 'member'] as const) later.established(authority(kind), 9);
    expect(later.of(networkId)?.position).toBe(2);
  });

  it('is paused, resumed and told to wait otherwise', () => {
    expect(after(begun, RotationPaused(of)).of(networkId)?.isPaused).toBe(true);
    expect(after(begun, RotationPaused(of), RotationResumed(of)).of(networkId)?.isPaused).toBe(false);
    const changed = RotationPatienceChanged({ ...of, patienceSeconds: 9 });
    expect(after(begun, changed).of(networkId)?.patienceSeconds).toBe(9);
  });

  it('is none any more once it is finished', () => {
    expect(after(begun).size).toBe(1);
    const over = after(begun, advanced('listeners'), advanced('diallers'), advanced('retire'), finished);
    expect([over.size, over.of(networkId)]).toEqual([0, undefined]);
  });

  it('retires what is older, from its last phase on and for good', () => {
    const isRetired = (rotations: RunningRotations) => [1, 2].map((ordinal) => rotations.isRetired(networkId, ordinal));
    expect(isRetired(after(begun, advanced('listeners'), advanced('diallers')))).toEqual([false, false]);
    const retiring = [begun, advanced('listeners'), advanced('diallers'), advanced('retire')];
    expect(isRetired(after(...retiring))).toEqual([true, false]);
    expect(isRetired(after(...retiring, finished))).toEqual([true, false]);
    expect(after(...retiring).isRetired(id('other'), 1)).toBe(false);
    expect(after(...retiring).isRetired(null, 1)).toBe(false);
  });
});
