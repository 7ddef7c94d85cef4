import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyConfiguration } from '@caravan/data-plane';
import type { Configuration } from '@caravan/data-plane';
import { RelayDataPlane, SIGN_OF_LIFE_MS } from '@caravan/data-plane/relay';
import type { Patience } from '@caravan/data-plane/relay';
import { eventually, freeze, thaw } from '@caravan/testing';
import type { RelayProcess } from '../relay-process.fixture.js';
import { startRelay } from '../relay-process.fixture.js';

/** Shorter than in production, and long enough for a busy machine. */
const PATIENT: Patience = { answerMs: 4_000, silentMs: 5_000, onceMoreMs: 1_500 };
/** Not enough for a sign of life: what a relay without any would look like. */
const IMPATIENT: Patience = { answerMs: 4_000, silentMs: 500, onceMoreMs: 200 };

const connector = (id: string, address = 'a') =>
  ({ kind: 'connector', id, networkId: 'n1', address, host: '127.0.0.1', port: 9 }) as const;
const configured = (...ids: string[]): Configuration => ({
  ...emptyConfiguration('s'),
  connectors: ids.map((id) => connector(id)),
});

describe('A relay that stands still', () => {
  let relay: RelayProcess;
  const clients: RelayDataPlane[] = [];
  beforeAll(async () => {
    relay = await startRelay();
  }, 120_000);
  afterEach(async () => {
    relay.child.kill('SIGCONT');
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  afterAll(() => relay.stop());

  /** A site-controller in small: gives the relay what it wants whenever that is there. */
  const following = async (patience: Patience) => {
    const told: string[] = [];
    const wanted = { now: configured() };
    const client: RelayDataPlane = new RelayDataPlane({
      socketPath: relay.socketPath,
      patience,
      onConnected: () => {
        told.push('there');
        void client.apply(wanted.now).catch(() => undefined);
      },
      onDisconnected: ({ message }) => void told.push(message),
    });
    clients.push(client);
    await eventually('it is there', () => told.length === 1);
    return { client, told, wanted };
  };
  const items = async (): Promise<string[]> => Object.keys((await relay.plane.observe()).items);

  it('is told from one that has nothing to tell by the signs of life of that', async () => {
    const [patient, impatient] = await Promise.all([following(PATIENT), following(IMPATIENT)]);
    await eventually('without a sign of life it is given up', () => impatient.told.length > 1);
    expect(impatient.told[1]).toContain('has said nothing for 0.7 s');
    await pause(2 * SIGN_OF_LIFE_MS + 1_000);
    expect(patient.told).toEqual(['there']);
  });

  it('is away, is asked for nothing, and is well again when it goes on, with what was wanted meanwhile', async () => {
    const { client, told, wanted } = await following(PATIENT);
    await client.apply((wanted.now = configured('c1')));
    await freeze(relay.child.pid!);
    const underWay = client.apply((wanted.now = configured('c2'))).catch((error: unknown) => error);
    await eventually('it is missed', () => told.length > 1, { withinMs: 30_000 });
    expect(told[1]).toMatch(/relay\.unavailable.*has said nothing for 6.5 s\. One that stays so has to be ended/);
    expect(await underWay).toMatchObject({ code: 'relay.unavailable' });
    const asked = performance.now();
    for (const question of [() => client.apply(wanted.now), () => client.observe(), () => client.openControl()])
      await expect(question()).rejects.toMatchObject({ code: 'relay.unavailable', status: 0 });
    expect(performance.now() - asked).toBeLessThan(PATIENT.answerMs);
    wanted.now = configured('c3');
    thaw(relay.child.pid!);
    await eventually('it is there again', () => told.at(-1) === 'there', { withinMs: 30_000 });
    await eventually('c3 is applied', async () => (await items()).join() === 'connector/c3');
    expect(await client.observe()).toMatchObject({ items: { 'connector/c3': { state: 'applied' } } });
  });

  it('answers no question, and nobody waits for ever', async () => {
    await freeze(relay.child.pid!);
    const told: string[] = [];
    const client = new RelayDataPlane({
      socketPath: relay.socketPath,
      patience: { ...PATIENT, answerMs: 500 },
      onDisconnected: ({ message }) => void told.push(message),
    });
    clients.push(client);
    const silent = { code: 'relay.unavailable', message: expect.stringContaining('has said nothing for 2 s') };
    const questions = [client.apply(configured()), client.observe(), client.connections(), client.openControl()];
    const answers = await Promise.allSettled(questions);
    expect(answers).toEqual(questions.map(() => ({ status: 'rejected', reason: expect.objectContaining(silent) })));
    await eventually('nor does who follows it', () => told.length > 0);
    expect(told[0]).toContain('has said nothing for 2 s');
  });
});
