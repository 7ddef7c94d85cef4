import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAPABILITY, LogEntryPassedOver, memberStream, protocolErrorSchema, siteSubject } from '@caravan/events';
import { commitHash } from '@caravan/event-store';
import { createLog } from '@caravan/event-store/jetstream';
import { eventually } from '@caravan/testing';
import { useNats } from '@caravan/testing/servers';
import type { NatsConnection } from '@nats-io/transport-node';
import { example, listener } from './example.fixture.js';
import { id } from './names.fixture.js';
import { append, ask, startRouterConfig, sync } from './running.fixture.js';
import type { Started } from './running.fixture.js';

describe('router-config before an entry that it cannot read', () => {
  const nats = useNats({ jetstream: true });
  let client: NatsConnection;
  let running: Started;
  let position: number;
  const troubles = () => running.service.health.troubles();

  beforeAll(async () => {
    client = await nats().connect();
    await createLog(client);
    position = await append(client, ...example);
    running = await startRouterConfig(nats().url);
  });
  afterAll(() => running.close());

  it('stops, says so, and answers what was true there, also after a restart', async () => {
    await client.request(`caravan.evt.membership.member.${id('hq')}`, 'not a commit');
    await eventually('trouble', () => troubles().length > 0);
    expect(troubles()).toMatchObject([{ component: 'desired state', says: expect.stringContaining(`${position}`) }]);
    expect(await sync(client, 'hq', position)).toMatchObject({ kind: 'delta', revision: position, items: [] });
    // And does not say that nothing has happened since: who was revoked behind that entry is not known.
    const latest = { capability: CAPABILITY, revision: position, latest: true };
    const refusal = protocolErrorSchema.parse(await ask(client, siteSubject(id('hq'), 'sync'), latest)).error;
    expect(refusal).toMatchObject({ code: 'desired-state.not-ready', retry: 'later' });

    await running.close();
    running = await startRouterConfig(nats().url);
    expect(troubles()).toMatchObject([{ component: 'desired state', says: expect.stringContaining('no further') }]);
    await expect(sync(client, 'hq', position)).rejects.toThrow();
  });

  it('goes on by itself, and begins to answer, when the log says to pass over what it cannot read', async () => {
    const poison = position + 1;
    const hash = commitHash(new TextEncoder().encode('not a commit'));
    await append(
      client,
      LogEntryPassedOver({ position: poison, stream: memberStream(id('hq')), hash, problem: 'not JSON' }),
    );
    await eventually('no trouble', () => troubles().length === 0);
    position = await append(client, listener('hq', 'retail', 'counter'));
    await eventually(`hq is told of ${position}`, async () => (await sync(client, 'hq', poison)).revision === position);
    const latest = { capability: CAPABILITY, revision: poison, latest: true };
    const reply = await sync(client, 'hq', poison);
    expect(await ask(client, siteSubject(id('hq'), 'sync'), latest)).toEqual(reply);
    expect(reply).toMatchObject({ kind: 'delta', revision: position });
    expect(JSON.stringify(reply.items)).toContain('"counter"');
    await running.close();
    running = await startRouterConfig(nats().url);
    expect(troubles()).toEqual([]); // it never halted
    expect(await sync(client, 'hq', poison)).toEqual(reply);
  });
});
