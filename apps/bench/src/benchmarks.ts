import type { Benchmark } from './benchmark.js';
import { certificates } from './certificates/certificates.js';
import { evictions } from './evictions/evictions.js';
import { idle } from './idle/idle.js';
import { joins } from './joins/joins.js';
import { relay } from './relay/relay.js';
import { rebuild } from './rebuild/rebuild.js';

/** Everything that `npm run bench` knows. */
export const benchmarks: readonly Benchmark[] = [joins, evictions, certificates, relay, rebuild, idle];
