import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { launchNats } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { checkLog, createLog, ensureLog, isAtLeast, LOG_STREAM } from '@caravan/event-store/jetstream';

describe('the log', () => {
  // One for each test: a server that makes a stream anew under the name of one just deleted fails at times.
  let nats: TestNats;
  let nc: NatsConnection;
  let manager: JetStreamManager;
  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect();
    manager = await jetstreamManager(nc, { timeout: 20_000 });
  });
  afterEach(() => nats.stop());

  it('is missed, made once, and found again', async () => {
    await expect(checkLog(nc)).rejects.toMatchObject({ code: 'log.missing' });
    await ensureLog(nc);
    await ensureLog(nc);
    await createLog(nc);
    await checkLog(nc);
    const { config } = await manager.streams.info(LOG_STREAM);
    expect(config).toMatchObject({ storage: 'file', deny_delete: true, deny_purge: true, discard: 'new', max_age: 0 });
  });

  it('cannot be made to forget', async () => {
    await ensureLog(nc);
    await nc.request('caravan.evt.topology.notebook.n1', 'x');
    await expect(manager.streams.purge(LOG_STREAM)).rejects.toThrow(/purge/);
    await expect(manager.streams.deleteMessage(LOG_STREAM, 1)).rejects.toThrow(/delete/);
  });

  const wrong: [string, Partial<StreamConfig>][] = [
    ['in memory', { storage: 'memory' }],
    ['that expires', { max_age: 3_600_000_000_000 }],
    ['with a size limit', { max_bytes: 1_000_000 }],
    ['that forgets the oldest', { discard: 'old' }],
    ['that may be purged', { deny_purge: false }],
    ['whose messages may be deleted', { deny_delete: false }],
    ['that may be rolled up', { allow_rollup_hdrs: true, deny_purge: false }],
    ['of other subjects', { subjects: ['caravan.>'] }],
    ['that is copied elsewhere', { republish: { src: '>', dest: 'copy.>' } }],
    ['that takes messages of consumers', { retention: 'workqueue' }],
  ];
  it.each(wrong)('%s is refused, in words that say what is wrong', async (_what, config) => {
    const fitting: Partial<StreamConfig> = {
      subjects: ['caravan.evt.>'],
      discard: 'new',
      deny_delete: true,
      deny_purge: true,
    };
    await manager.streams.add({ name: LOG_STREAM, allow_direct: true, ...fitting, ...config });
    const refusal = { code: 'log.misconfigured', message: expect.stringContaining(Object.keys(config)[0]!) as unknown };
    await expect(checkLog(nc)).rejects.toMatchObject(refusal);
    await expect(ensureLog(nc)).rejects.toMatchObject(refusal);
    await expect(createLog(nc)).rejects.toMatchObject({ code: 'log.misconfigured' });
  });

  it('on an old server, or one for small messages only, is refused', async () => {
    const but = (info: object) => Object.create(nc, { info: { value: { ...nc.info, ...info } } }) as NatsConnection;
    await expect(ensureLog(but({ version: '2.9.10' }))).rejects.toMatchObject({ code: 'log.server-too-old' });
    await expect(ensureLog(but({ max_payload: 65_536 }))).rejects.toMatchObject({ code: 'log.misconfigured' });
  });

  it('without JetStream is unavailable', async () => {
    const connection = await nats.connect();
    await nats.kill();
    await expect(checkLog(connection)).rejects.toMatchObject({ code: 'log.unavailable' });
    await nats.restart();
  });
});

it.each([
  ['2.10.27', true],
  ['2.10.28', true],
  ['2.11.0-RC.1', true],
  ['v2.12.7', true],
  ['3.0.0', true],
  ['2.10.26', false],
  ['2.9.99', false],
  ['1.99.99', false],
  ['unknown', false],
])('nats-server %s is new enough: %s', (version, enough) => {
  expect(isAtLeast(version, '2.10.27')).toBe(enough);
});
