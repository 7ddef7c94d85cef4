import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { z } from 'zod';

/** What has to be known of a machine to read figures that were measured on it. Never its name. */
export const machineSchema = z.strictObject({
  cores: z.int().min(1),
  cpu: z.string(),
  memoryGB: z.number(),
  node: z.string(),
  platform: z.string(),
  /** Over one minute, when the benchmark began: above some 0.5 somebody else was working too. */
  loadAverage: z.number(),
});
export type Machine = z.infer<typeof machineSchema>;

export const thisMachine = (): Machine => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGB: Math.round(totalmem() / 1e9),
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});
