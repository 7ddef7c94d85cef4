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
import { FIRST_GENERATION, generationAfter, held, signing, trusted } from './generation.js';

const of = { ownerId: '0199d1b0-0000-7000-8000-000000000001', rotationId: '0199d1b0-0000-7000-8000-000000000002' };
const owner = { kind: 'installation' } as const;
const seen = { confirmed: 1, without: 0, withoutSites: [] };
const to = (phase: 'listeners' | 'diallers' | 'retire') =>
  RotationAdvanced({ ...of, owner, ordinal: 2, phase, ...seen });
const begun = RotationBegun({ ...of, owner, ordinal: 2, cause: 'requested', patienceSeconds: null });
const finished = RotationFinished({ ...of, ordinal: 2, ...seen });
const after = (...events: RotationEvent[]) => events.reduce(generationAfter, FIRST_GENERATION);

const TABLE: readonly (readonly [string, RotationEvent[], number, number[], number, number])[] = [
  ['at first', [], 1, [1], 1, 1],
  ['when a rotation begins', [begun], 1, [2, 1], 1, 1],
  ['when everybody trusts the next', [begun, to('listeners')], 2, [2, 1], 2, 1],
  ['when servers have it', [begun, to('listeners'), to('diallers')], 2, [2, 1], 2, 2],
  ['when everybody has it', [begun, to('diallers'), to('retire')], 2, [2], 2, 2],
  ['at the end', [begun, to('retire'), finished], 2, [2], 2, 2],
];

describe('the authorities of an installation', () => {
  it.each(TABLE)('%s', (_, events, signs, trust, server, client) => {
    const generation = after(...events);
    expect(signing(generation)).toBe(signs);
    expect(trusted(generation)).toEqual(trust);
    expect(held(generation, 'nats-server')).toBe(server);
    expect(held(generation, 'api-server')).toBe(server);
    expect(held(generation, 'service')).toBe(client);
    expect(held(generation, 'administrator')).toBe(client);
    expect(held(generation, 'management-site')).toBe(client);
  });

  it('are the same while somebody waits, pauses or goes on', () => {
    const waiting = RotationPatienceChanged({ ...of, patienceSeconds: 1 });
    expect(after(begun, waiting, RotationPaused(of), RotationResumed(of))).toEqual({ ordinal: 2, phase: 'trust' });
  });
});
