import { createLog, createMetrics, Health } from '../index.js';
import type { Service } from '../index.js';

/** A service whose log goes to `write`, a line at a time. */
export const serviceSaying = (write: (line: string) => void): Service => ({
  name: 'test',
  log: createLog('test', 'info', { write }),
  health: new Health(),
  metrics: createMetrics('test'),
});
