import { describe, expect, it } from 'vitest';
import { createLog, JetStreamEventStore, LOG_STREAM } from '@caravan/event-store/jetstream';
import { useNats } from '@caravan/testing/servers';
import { tryOut } from './agreement.fixture.js';

const nats = useNats({ jetstream: true });

/** A log of its own for each life, on one server. */
async function newLog(duplicateWindow: boolean): Promise<JetStreamEventStore> {
  const nc = await nats().connect();
  await nc.request(`$JS.API.STREAM.DELETE.${LOG_STREAM}`); // of the life before
  await createLog(nc, { duplicateWindowMs: duplicateWindow ? 120_000 : 100 });
  return new JetStreamEventStore(nc);
}

describe('the deciders and a plain model, over a real log', () => {
  it('agree about 1,000 commands', async () => {
    const { disagreement, statistics } = await tryOut({ commands: 1_000, newLog, rounds: 60 });
    process.stdout.write(`${statistics.toString()}\n`);
    expect(disagreement).toBeUndefined();
    expect(statistics.turns.get('append in conflict')).toBeGreaterThan(0);
    expect(statistics.turns.get('killed')).toBeGreaterThan(0);
  }, 300_000);
});
