import { z } from 'zod';
import type { EventOf } from '../event-type.js';
import { eventsOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { id, timeSchema } from '../vocabulary.js';

/**
 * The rotations of one owner of authorities, one after the other: its authorities are replaced together by those of the next ordinal
 * (docs/adr/0016). The stream's id is the owner's, so that two rotations of one owner cannot run at once.
 */
export const rotationCategory = { context: 'trust-change', aggregate: 'rotation' } as const;
export const rotationStream = (ownerId: string) => streamName(rotationCategory, ownerId);
const event = eventsOf(rotationCategory);

/**
 * Whose authorities: `installation` has root and management, `backbone` has backbone and infrastructure, `network` has network, claim
 * and member. What a network's new authorities need to be made is said here: they are made from this event alone.
 */
export const rotationOwnerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('network'),
    networkId: id,
    backboneId: id,
    startsAt: timeSchema,
    endsAt: timeSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('backbone'), backboneId: id }),
  z.strictObject({ kind: z.literal('installation') }),
]);
export type RotationOwner = z.infer<typeof rotationOwnerSchema>;

/**
 * `trust`: the new authorities are trusted wherever the old ones are. `listeners`: access points hold certificates of the new ones.
 * `diallers`: sites, members and manage links do. `retire`: the old ones admit nobody any more.
 */
export const rotationPhases = ['trust', 'listeners', 'diallers', 'retire'] as const;
export const rotationPhaseSchema = z.enum(rotationPhases);
export type RotationPhase = (typeof rotationPhases)[number];

const ofRotation = { ownerId: id, rotationId: id };
/** How many sites confirmed the phase before, and which it went on without: all are counted, and as many named as fit. */
const confirmation = {
  confirmed: z.int().min(0),
  without: z.int().min(0),
  withoutSites: z.array(id).max(100),
};

/** For how long a phase waits for sites that are away; null: until they are back. Those that are there are waited for always. */
const patienceSeconds = z.int().min(0).max(31_536_000).nullable();

export const RotationBegun = event({
  type: 'RotationBegun',
  version: 2,
  upcasters: { 1: (data) => data }, // a network kept its window
  schema: z.strictObject({
    ...ofRotation,
    owner: rotationOwnerSchema,
    /** Of the authorities that it makes. */
    ordinal: z.int().min(2),
    /** `window`: its network is to last longer, or to begin sooner, than its authorities do. */
    cause: z.enum(['requested', 'age', 'above', 'window']),
    patienceSeconds,
  }),
});
/** The phase before is over and this one begins. From `listeners` on the new authorities sign. */
export const RotationAdvanced = event({
  type: 'RotationAdvanced',
  schema: z.strictObject({
    ...ofRotation,
    owner: rotationOwnerSchema,
    ordinal: z.int().min(2),
    phase: rotationPhaseSchema.exclude(['trust']),
    ...confirmation,
  }),
});
/** How long it waits is another matter now; 0: go on without those that are away. */
export const RotationPatienceChanged = event({
  type: 'RotationPatienceChanged',
  schema: z.strictObject({ ...ofRotation, patienceSeconds }),
});
export const RotationPaused = event({ type: 'RotationPaused', schema: z.strictObject(ofRotation) });
export const RotationResumed = event({ type: 'RotationResumed', schema: z.strictObject(ofRotation) });
/** The last phase is over: nobody admits by the old authorities. */
export const RotationFinished = event({
  type: 'RotationFinished',
  schema: z.strictObject({ ...ofRotation, ordinal: z.int().min(2), ...confirmation }),
});

export const rotationEvents = [
  RotationBegun,
  RotationAdvanced,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
  RotationFinished,
] as const;
export type RotationEvent = EventOf<typeof rotationEvents>;
