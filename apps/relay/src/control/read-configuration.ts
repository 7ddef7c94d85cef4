import type { Configuration } from '@caravan/data-plane';
import { configurationSchema } from '@caravan/data-plane';
import type { z } from 'zod';
import { ControlProblem } from './problem.js';

/** Throws `ControlProblem` with paths and reasons, never values: a configuration holds private keys. */
export function readConfiguration(json: unknown): Configuration {
  const parsed = configurationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ControlProblem('configuration.malformed', faults(parsed.error));
}

const faults = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 10)
    .map(({ path, code }) => `${path.map(String).join('.') || 'body'}: ${code}`)
    .join('; ');
