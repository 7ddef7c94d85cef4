import type { Benchmark } from './benchmark.js';
import { rebuild } from './rebuild/rebuild.js';

/** Everything that `npm run bench` knows. */
export const benchmarks: readonly Benchmark[] = [rebuild];
