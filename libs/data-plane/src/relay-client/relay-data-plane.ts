import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { Configuration } from '../configuration.js';
import type { Connection } from '../connections.js';
import { connectionSchema } from '../connections.js';
import type { DataPlane } from '../data-plane.js';
import { CONTROL_ADDRESS } from '../items.js';
import type { Observation } from '../observed.js';
import { observationSchema } from '../observed.js';
import { ask, tunnel } from './ask.js';
import { followObservations } from './observation-feed.js';
import { relayPaths } from './protocol.js';
import { Silent, workMs } from './silence.js';
import type { Patience } from './silence.js';

export interface RelayDataPlaneOptions {
  /** The Unix socket that the relay was started with. */
  readonly socketPath: string;
  /** After each (re)connection: the relay persists nothing, so give it the whole configuration again. */
  readonly onConnected?: () => void;
  /** The relay went away, is not there yet, or stands still; called once per failed attempt. */
  readonly onDisconnected?: (why: Error) => void;
  /** For tests, which cannot wait so long as others do. */
  readonly patience?: Patience;
}

/** The relay as a data plane: a client of its control socket. Every method rejects with `RelayProblem`. */
export class RelayDataPlane implements DataPlane {
  readonly #socketPath: string;
  readonly #watchers = new Set<(observation: Observation) => void>();
  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  readonly #patience: Patience | undefined;
  #latest: Observation | undefined;
  /** How long it may take the relay to take what is being applied. */
  #busyMs = 0;
  /** Aborted while the relay stands still: what it is asked then it would only do when nobody waits for it any more. */
  #answering = new AbortController();

  constructor({ socketPath, onConnected, onDisconnected, patience }: RelayDataPlaneOptions) {
    this.#socketPath = socketPath;
    this.#patience = patience;
    const hooks = {
      connected: () => {
        if (this.#answering.signal.aborted) this.#answering = new AbortController();
        onConnected?.();
      },
      disconnected: (why: Error) => {
        if (why.cause instanceof Silent) this.#answering.abort(why.cause);
        // What was true of a relay that is gone is not what a new watcher should hear first.
        this.#latest = undefined;
        onDisconnected?.(why);
      },
      observed: (observation: Observation) => {
        this.#latest = observation;
        for (const watcher of this.#watchers) watcher(observation);
      },
    };
    this.#following = followObservations(socketPath, hooks, {
      signal: this.#closing.signal,
      patience,
      busyMs: () => this.#busyMs,
    });
  }

  async apply(configuration: Configuration): Promise<void> {
    const { trusts, ...rest } = configuration;
    // A relay of before knows of none, and needs to know of none where there is none.
    const body = JSON.stringify({ ...rest, ...(Object.keys(trusts).length > 0 && { trusts }) });
    this.#busyMs = workMs(body.length);
    try {
      await this.#ask('PUT', relayPaths.configuration, body);
    } finally {
      this.#busyMs = 0;
    }
  }

  async observe(): Promise<Observation> {
    const answer = await this.#ask('GET', relayPaths.observation);
    return observationSchema.parse(JSON.parse(answer));
  }

  watch(listener: (observation: Observation) => void): () => void {
    this.#watchers.add(listener);
    const latest = this.#latest;
    if (latest) queueMicrotask(() => this.#watchers.has(listener) && listener(latest));
    return () => void this.#watchers.delete(listener);
  }

  /** Recent connections that this relay carried or refused, newest first; with `id`, the hops of that one here. */
  async connections(id?: string): Promise<Connection[]> {
    const path = relayPaths.connections + (id === undefined ? '' : `?id=${encodeURIComponent(id)}`);
    const answer = await this.#ask('GET', path);
    return z.array(connectionSchema).parse(JSON.parse(answer));
  }

  openControl(): Promise<Duplex> {
    return tunnel(this.#socketPath, CONTROL_ADDRESS, this.#limits());
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#closing.abort();
    await this.#following;
  }

  #ask(method: 'GET' | 'PUT', path: string, body?: string): Promise<string> {
    return ask(this.#socketPath, { method, path, ...(body !== undefined && { body }), ...this.#limits() });
  }

  #limits() {
    return { signal: this.#answering.signal, patience: this.#patience, busyMs: () => this.#busyMs };
  }
}
