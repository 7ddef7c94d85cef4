import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { eventRegistry, handleCommand, InMemoryQuarantine, reactTo } from '@caravan/event-store';
import {
  checkLog,
  createLog,
  Fold,
  JetStreamEventStore,
  LOG_STREAM,
  logPermissions,
  ReactionConsumer,
} from '@caravan/event-store/jetstream';
import type { LogUse } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { useNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream, NoteWritten } from './index.js';

const uses: Record<string, LogUse> = {
  topology: { writes: ['topology'], reads: true, reactions: ['topology-notes'] },
  membership: { writes: ['membership'], reads: true, reactions: ['membership-notes'] },
  reader: { writes: [], reads: true, reactions: [], inboxPrefix: '_INBOX_reader' },
  reactor: { writes: [], reads: false, reactions: ['reactor-notes'] },
};
const user = (name: string, use: LogUse) => {
  const { publish, subscribe } = logPermissions(use);
  const permissions = `{ publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ${JSON.stringify(subscribe)} } }`;
  return `{ user: ${name}, password: p, permissions: ${permissions} }`;
};
const users = ['{ user: admin, password: p }', ...Object.entries(uses).map(([name, use]) => user(name, use))];

const registry = eventRegistry(notebookEvents);

describe('a service that may only do what logPermissions says', () => {
  const nats = useNats({ jetstream: true, config: `authorization { users = [${users.join('\n')}] }` });
  const as = (name: string) =>
    nats().connect({
      user: name,
      pass: 'p',
      ...(uses[name]?.inboxPrefix ? { inboxPrefix: uses[name].inboxPrefix } : {}),
    });
  const writer = (nc: NatsConnection) =>
    handleCommand({
      store: new JetStreamEventStore(nc, { registry, timeoutMs: 1_000 }),
      decider: notebook,
      stream: ({ notebookId }) => notebookStream(notebookId),
      attempts: 2,
    });
  const note = (notebookId: string, text: string) => {
    const metadata = commandMetadata({ commandId: randomUUID() });
    return { type: 'WriteNote', notebookId, noteId: text, text, metadata } as const;
  };
  beforeAll(async () => createLog(await as('admin')));

  it('can check the log, append, read, wait, fold and react', async () => {
    const nc = await as('topology');
    const denied: unknown[] = [];
    void (async () => {
      for await (const status of nc.status()) if (status.type === 'error') denied.push(status.error);
    })();
    await checkLog(nc);
    const store = new JetStreamEventStore(nc, { registry });
    const waiting = store.waitForStream(notebookStream('all'), (events) => (events.length === 12 ? 'all' : undefined), {
      signal: AbortSignal.timeout(10_000),
    });
    const fold = new Fold<number>({ nc, name: 'count', registry, initial: 0, evolve: (count) => count + 1 }).start();
    const reacted: string[] = [];
    const reaction = new ReactionConsumer({
      nc,
      durable: 'topology-notes',
      registry,
      quarantine: new InMemoryQuarantine(),
      handlers: [reactTo(NoteWritten, async ({ data }) => void reacted.push(data.text))],
    }).start();
    for (let n = 0; n < 12; n++) await writer(nc)(note('all', `${n}`));
    expect(await waiting).toBe('all');
    expect((await store.read(notebookStream('all'))).events).toHaveLength(12);
    expect(await fold.waitFor(12, 5_000)).toBe(true);
    await eventually('all are reacted to', () => reacted.length >= 12);
    expect(reacted).toHaveLength(12);
    await eventually('all are acknowledged', async () => (await reaction.look()).waiting === 0);
    expect(await reaction.look()).toEqual({ status: 'running', position: 12, waiting: 0 });
    await reaction.stop();
    await fold.stop();
    expect(denied).toEqual([]);
  });

  it('with an inbox of its own can read', async () => {
    const store = new JetStreamEventStore(await as('reader'), { registry });
    expect((await store.read(notebookStream('all'))).events).toHaveLength(12);
  });

  it('without reading can still react', async () => {
    const reacted: string[] = [];
    const reaction = new ReactionConsumer({
      nc: await as('reactor'),
      durable: 'reactor-notes',
      registry,
      quarantine: new InMemoryQuarantine(),
      handlers: [reactTo(NoteWritten, async ({ data }) => void reacted.push(data.text))],
    }).start();
    await eventually('all are reacted to', () => reacted.length >= 12);
    await reaction.stop();
    expect(reacted).toHaveLength(12);
  });

  it('cannot append another context’s events, and is told why', async () => {
    for (const name of ['membership', 'reader']) {
      const refused = writer(await as(name))(note('foreign', 'x'));
      await expect(refused).rejects.toMatchObject({ code: 'log.forbidden' });
      await expect(refused).rejects.toThrow(/caravan\.evt\.topology\.notebook\.foreign.*logPermissions/);
    }
    const nc = await as('membership');
    await expect(nc.request('caravan.evt.topology.notebook.foreign', 'x', { timeout: 500 })).rejects.toThrow();
    const { streams } = await jetstreamManager(await as('admin'));
    expect((await streams.info(LOG_STREAM)).state.last_seq).toBe(12);
    await (await as('membership')).request('caravan.evt.membership.x.y', 'x'); // the negative control
    expect((await streams.info(LOG_STREAM)).state.last_seq).toBe(13);
  });

  it('cannot touch streams, messages or others’ durables', async () => {
    const { streams, consumers } = await jetstreamManager(await as('membership'), { checkAPI: false, timeout: 500 });
    const admin = await jetstreamManager(await as('admin'));
    const durable = await admin.consumers.info(LOG_STREAM, 'topology-notes');
    const attempts: Record<string, () => Promise<unknown>> = {
      'delete the log': () => streams.delete(LOG_STREAM),
      'purge the log': () => streams.purge(LOG_STREAM),
      'change the log': () => streams.update(LOG_STREAM, { deny_purge: false }),
      'make a stream': () => streams.add({ name: 'OTHER', subjects: ['other.>'] }),
      'delete a message': () => streams.deleteMessage(LOG_STREAM, 1),
      'look at a durable': () => consumers.info(LOG_STREAM, 'topology-notes'),
      'delete a durable': () => consumers.delete(LOG_STREAM, 'topology-notes'),
      'make a durable': () => consumers.add(LOG_STREAM, { durable_name: 'mine', ack_policy: 'explicit' }),
      'change a durable': () => consumers.add(LOG_STREAM, { ...durable.config, ack_wait: 1_000_000_000 }),
      'take from a durable': async () =>
        (await as('membership')).request(`$JS.API.CONSUMER.MSG.NEXT.${LOG_STREAM}.topology-notes`, '', {
          timeout: 500,
        }),
      'have the log delivered into the log': () =>
        consumers.add(LOG_STREAM, { ack_policy: 'none', deliver_subject: 'caravan.evt.trust.certificate.c1' }),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      await expect(attempt().then(() => what)).rejects.toThrow();
    }
    // Nor does the one subject that makes consumers make durable ones.
    const body = JSON.stringify({ stream_name: LOG_STREAM, config: { ...durable.config, ack_wait: 1_000_000_000 } });
    const nc = await as('membership');
    expect((await nc.request(`$JS.API.CONSUMER.CREATE.${LOG_STREAM}`, body)).json()).toHaveProperty('error');
    expect((await admin.consumers.info(LOG_STREAM, 'topology-notes')).config).toEqual(durable.config);
  });
});
