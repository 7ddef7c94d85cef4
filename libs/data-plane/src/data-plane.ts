import type { Duplex } from 'node:stream';
import type { Configuration } from './configuration.js';
import type { Observation } from './observed.js';

/**
 * The data-plane port, narrow on purpose: carry TCP by address between the sites of one network over backbone links; confine
 * a claim to `caravan.control`; drop what is no longer trusted; report what happens. Drivers: relay, later skupper-router.
 */
export interface DataPlane {
  /** Makes the data plane what `configuration` says. Resolves when it was taken, not when every link is up. */
  apply(configuration: Configuration): Promise<void>;
  /** What is true now. */
  observe(): Promise<Observation>;
  /** Calls `listener` after every change worth reporting, at once for the first; returns the way to stop. */
  watch(listener: (observation: Observation) => void): () => void;
  /** A byte stream to `caravan.control`: what the site's control connection runs in. */
  openControl(): Promise<Duplex>;
  close(): Promise<void>;
}
