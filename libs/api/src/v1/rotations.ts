import { z } from 'zod';
import { route } from '../route.js';
import { awaitedSiteSchema, created, id, pageOf, pageQuerySchema } from './vocabulary.js';

/**
 * How long a phase waits for sites that are away, in seconds; null: until they are back. Sites that are there are waited for always.
 */
const patienceSeconds = z.int().min(0).max(31_536_000).nullable();

/** The authorities of a network or a backbone are replaced by those of the next ordinal, and every certificate below them. */
export const rotationSchema = z.strictObject({
  id,
  ownerKind: z.enum(['network', 'backbone', 'installation']),
  backboneId: id.nullable(),
  networkId: id.nullable(),
  ordinal: z.int(),
  status: z.enum(['running', 'paused', 'finished']),
  /**
   * `trust`: the new authorities are trusted wherever the old ones are. `listeners`: access points get certificates of the new ones.
   * `diallers`: sites and members do. `retire`: the old ones admit nobody any more.
   */
  phase: z.enum(['trust', 'listeners', 'diallers', 'retire']),
  phaseSince: z.string(),
  cause: z.enum(['requested', 'age', 'above', 'window']),
  patienceSeconds,
  /** Sites that confirmed the last phase that is over, and how many sites were gone on without, over all phases. */
  confirmed: z.int(),
  without: z.int(),
  finishedAt: z.string().nullable(),
  ...created,
});
export type Rotation = z.infer<typeof rotationSchema>;

/** One rotation, with what its phase waits for now. */
export const rotationProgressSchema = rotationSchema.extend({
  /** Sites that the phase concerns; 0 as well while the new authorities are being made, and once it is finished. */
  concerned: z.int(),
  waiting: z.int(),
  waitingFor: z.array(awaitedSiteSchema).max(100),
  /** What is no site and is waited for, of a rotation of the installation: nats-servers, services, what stands below the root. */
  alsoWaitingFor: z.array(z.strictObject({ what: z.string(), detail: z.string() })).max(100),
});
export type RotationProgress = z.infer<typeof rotationProgressSchema>;

const begin = z.strictObject({ patienceSeconds: patienceSeconds.default(null) });

export const rotateNetwork = route({
  name: 'rotateNetwork',
  method: 'POST',
  path: '/networks/{networkId}/rotations',
  summary: 'Replace the authorities of a network and the certificates of its members, without an interruption',
  body: begin,
  reply: rotationProgressSchema,
  codes: ['network.unknown', 'network.revoked', 'network.ended', 'rotation.too-early', 'rotation.under-way'],
});
export const rotateBackbone = route({
  name: 'rotateBackbone',
  method: 'POST',
  path: '/backbones/{backboneId}/rotations',
  summary:
    'Replace the authorities of a backbone and the certificates of its sites and access points, without an interruption',
  body: begin,
  reply: rotationProgressSchema,
  codes: ['backbone.unknown', 'rotation.too-early', 'rotation.under-way'],
});
export const rotateInstallation = route({
  name: 'rotateInstallation',
  method: 'POST',
  path: '/installation/rotations',
  summary:
    'Replace the root and the management authority, and after them those of every backbone and network, without an interruption',
  body: begin,
  reply: rotationProgressSchema,
  codes: ['rotation.too-early', 'rotation.under-way'],
});
export const listRotations = route({
  name: 'listRotations',
  method: 'GET',
  path: '/rotations',
  summary: 'List rotations, those that are over too',
  query: pageQuerySchema.extend({ networkId: id.optional(), backboneId: id.optional() }),
  reply: pageOf(rotationSchema),
});
export const getRotation = route({
  name: 'getRotation',
  method: 'GET',
  path: '/rotations/{rotationId}',
  summary: 'Read a rotation, and what it waits for',
  reply: rotationProgressSchema,
});
export const changeRotation = route({
  name: 'changeRotation',
  method: 'PATCH',
  path: '/rotations/{rotationId}',
  summary: 'Pause a rotation or let it go on; change how long it waits for sites that are away',
  body: z.strictObject({ paused: z.boolean().optional(), patienceSeconds: patienceSeconds.optional() }),
  reply: rotationProgressSchema,
  codes: ['rotation.unknown', 'rotation.finished'],
});
