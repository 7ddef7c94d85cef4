import { collectDefaultMetrics, Registry } from 'prom-client';

/** The registry of one service, with what every Node process can tell of itself. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
