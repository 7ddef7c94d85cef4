import { z } from 'zod';
import type { DesiredState } from './desired-state.js';

/** How a desired state lies on disk, inside its seal. */
const textSchema = z.object({
  revision: z.int(),
  entries: z.array(z.tuple([z.string(), z.object({ revision: z.int(), item: z.unknown() })])),
});

export function desiredStateFromText(text: string): DesiredState {
  const { revision, entries } = textSchema.parse(JSON.parse(text));
  return { revision, entries: new Map(entries) };
}

export const desiredStateToText = ({ revision, entries }: DesiredState): string =>
  JSON.stringify({ revision, entries: [...entries] });
