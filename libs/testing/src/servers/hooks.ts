import { afterAll, beforeAll } from 'vitest';
import { launchNats } from './nats.js';
import type { LaunchNatsOptions, TestNats } from './nats.js';
import { launchPostgres } from './postgres.js';
import type { TestPostgres } from './postgres.js';

const FIRST_EVER_MS = 120_000; // nats-server may have to be fetched, and a database made

function useServer<S extends { stop(): Promise<void> }>(name: string, launch: () => Promise<S>): () => S {
  let server: S | undefined;
  beforeAll(async () => {
    server = await launch();
  }, FIRST_EVER_MS);
  afterAll(async () => {
    await server?.stop();
    server = undefined;
  });
  return () => {
    if (server) return server;
    throw new Error(`${name} runs only inside tests and hooks: call this function there, not while describing`);
  };
}

/** One nats-server for a spec file (or a `describe`): `const nats = useNats({ jetstream: true })`, then `nats()` in tests. */
export const useNats = (options: LaunchNatsOptions = {}): (() => TestNats) =>
  useServer('nats-server', () => launchNats(options));

/** One PostgreSQL for a spec file (or a `describe`): `const postgres = usePostgres()`, then `postgres()` in tests. */
export const usePostgres = (): (() => TestPostgres) => useServer('PostgreSQL', () => launchPostgres());
