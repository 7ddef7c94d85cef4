import { z } from 'zod';
import type { DesiredState } from './desired-state.js';

/** How a desired state lies on disk, inside its seal. */
const textSchema = z.object({
  // Not written down by the first versions.
  capability: z.int().default(1),
  revision: z.int(),
  entries: z.array(z.tuple([z.string(), z.object({ revision: z.int(), item: z.unknown() })])),
});

export function desiredStateFromText(text: string): DesiredState {
  const { entries, ...rest } = textSchema.parse(JSON.parse(text));
  return { ...rest, entries: new Map(entries) };
}

export const desiredStateToText = ({ capability, revision, entries }: DesiredState): string =>
  JSON.stringify({ capability, revision, entries: [...entries] });
