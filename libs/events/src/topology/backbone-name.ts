import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { id, nameSchema } from '../vocabulary.js';

/**
 * Backbone names are global and no parent decides them: the stream's id is the name itself, claimed at revision 0. A
 * reservation names the backbone that it is for, so that one left behind by a crash is found and taken over.
 */
export const backboneNameCategory = { context: 'topology', aggregate: 'backbone-name' } as const;
export const backboneNameStream = (name: string) => streamName(backboneNameCategory, name);
const event = eventsOf(backboneNameCategory);

export const BackboneNameReserved = event({
  type: 'BackboneNameReserved',
  schema: z.strictObject({ name: nameSchema, backboneId: id }),
});
export const BackboneNameReleased = event({
  type: 'BackboneNameReleased',
  schema: z.strictObject({ name: nameSchema, backboneId: id }),
});

export const backboneNameEvents = [BackboneNameReserved, BackboneNameReleased] as const;
export type BackboneNameEvent = EventOf<typeof backboneNameEvents>;
