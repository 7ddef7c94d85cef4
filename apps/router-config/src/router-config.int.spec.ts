import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '@caravan/event-store/jetstream';
import {
  CAPABILITY,
  desiredStateReplySchema,
  desiredStateSubject,
  protocolErrorSchema,
  siteSubject,
} from '@caravan/events';
import { eventually } from '@caravan/testing';
import { useNats } from '@caravan/testing/servers';
import type { NatsConnection } from '@nats-io/transport-node';
import { example, listener, member, memberRemoved } from './example.fixture.js';
import { id } from './names.fixture.js';
import { append, ask, askAll, startRouterConfig, sync } from './running.fixture.js';
import type { Started } from './running.fixture.js';

describe('router-config', () => {
  const nats = useNats({ jetstream: true });
  let client: NatsConnection;
  let running: Started;
  let position: number;
  const nudges: [string, number][] = [];
  const troubles = () => running.service.health.troubles();
  const refusal = async (subject: string, body: unknown) =>
    protocolErrorSchema.parse(await ask(client, subject, body)).error;

  beforeAll(async () => {
    client = await nats().connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await createLog(client);
    client.subscribe('caravan.site.*.nudge', {
      callback: (_, message) => {
        const { revision } = message.json<{ revision: number }>();
        nudges.push([message.subject.split('.')[2]!, revision]);
      },
    });
    position = await append(client, ...example);
    running = await startRouterConfig(nats().url);
  });
  afterAll(() => running.close());

  it('has caught up with the log when it begins to answer, and tells every site how far that concerns it', async () => {
    const reply = await sync(client, 'hq', 0);
    expect(reply).toMatchObject({ kind: 'snapshot', revision: position });
    expect(reply.items.map(({ key }) => key).sort()).toEqual([
      `connector/${id('hq connects inventory')}`,
      ...[`link/member-${id('north member')}`, `link/member-${id('south member')}`].sort(),
    ]);
    expect(troubles()).toEqual([]);
    await eventually('a nudge of hq', () => nudges.some(([siteId]) => siteId === id('hq')));
    const told = nudges.splice(0);
    expect(new Set(told.map(([siteId]) => siteId)).size).toBe(told.length);
    expect(told.every(([, revision]) => revision > 0 && revision <= position)).toBe(true);
  });

  it('nudges the site that an event affects, which then gets a delta', async () => {
    position = await append(client, listener('hq', 'retail', 'till'));
    const told = () => nudges.filter(([, revision]) => revision === position); // not what its start told others
    await eventually('a nudge', () => told().length > 0);
    expect(told()).toEqual([[id('hq'), position]]);
    nudges.length = 0;
    expect(await sync(client, 'hq', position - 1)).toMatchObject({
      kind: 'delta',
      revision: position,
      items: [{ key: `listener/${id('hq listens till')}`, revision: position }],
      removed: [],
    });
  });

  it('tells a site that is up to date nothing, also after a restart', async () => {
    const upToDate = { capability: CAPABILITY, kind: 'delta', revision: position, items: [], removed: [] };
    expect(await sync(client, 'hq', position)).toEqual(upToDate);
    await running.close();
    running = await startRouterConfig(nats().url);
    expect(await sync(client, 'hq', position)).toEqual(upToDate);
    await eventually('a nudge of hq', () => nudges.some(([siteId]) => siteId === id('hq')));
    // As far as it knows: it does not ask.
    expect(nudges.splice(0)).toContainEqual([id('hq'), position]);
  });

  it('tells a site after a restart what changed while nobody could', async () => {
    await running.close();
    position = await append(client, listener('hq', 'retail', 'safe'));
    running = await startRouterConfig(nats().url);
    await eventually(`a nudge of hq to ${position}`, () =>
      nudges.some(([siteId, revision]) => siteId === id('hq') && revision === position),
    );
    nudges.length = 0;
  });

  it('answers once, however many replicas there are', async () => {
    const second = await startRouterConfig(nats().url);
    const replies = askAll(client, siteSubject(id('hq'), 'sync'), { capability: 1, revision: 0 });
    await eventually('an answer', () => replies.length > 0);
    // Whoever else was asked has answered by then: the one ends what it has begun, the other has answered what came later.
    await second.close();
    await sync(client, 'hq', 0);
    expect(replies).toHaveLength(1);
  });

  it('knows a site the moment that it was admitted', async () => {
    position = await append(client, member('branch', 'retail', ['north']));
    expect(await sync(client, 'branch', 0)).toMatchObject({ kind: 'snapshot', revision: position });
  });

  it('gives a site that was removed an empty snapshot, and one that never was a code', async () => {
    position = await append(client, memberRemoved('branch', 'retail'));
    await eventually(`a nudge to ${position}`, () => nudges.some(([, revision]) => revision === position));
    const nothing = { capability: CAPABILITY, kind: 'snapshot', revision: position, items: [], removed: [] };
    expect(await sync(client, 'branch', position - 1)).toEqual(nothing);
    expect(await refusal(siteSubject(id('nobody'), 'sync'), { capability: 1, revision: 0 })).toMatchObject({
      code: 'site.unknown',
      retry: 'never',
    });
  });

  it('tells a window to sites that know what it is, also to those that know more, and to no other', async () => {
    const windows = async (capability: number) =>
      JSON.stringify((await sync(client, 'north', 0, capability)).items).includes('"window"');
    expect(await Promise.all([1, 2, 1_000_000].map(windows))).toEqual([false, true, true]);
    const door = `admission/claim-${id('retail')}`;
    const old = await sync(client, 'north', position, 1);
    expect(old).toMatchObject({
      kind: 'snapshot',
      items: expect.arrayContaining([expect.objectContaining({ key: door })]),
    });
    expect(running.lines.filter((line) => line.includes('no windows') && line.includes(id('north')))).toHaveLength(1);
    // What an old site's schema does not know, it must not hear either.
    expect(old).not.toHaveProperty('capability');
    expect(await sync(client, 'north', position)).toMatchObject({ capability: CAPABILITY, kind: 'delta', items: [] });
  });

  it('gives a site that is ahead of the log everything', async () => {
    expect(await sync(client, 'hq', position + 1_000)).toMatchObject({ kind: 'snapshot', revision: position });
  });

  it('answers no sooner than it knows what it is asked for', async () => {
    position = await append(client, listener('hq', 'retail', 'desk'));
    const subject = desiredStateSubject('site', id('hq'));
    const { revision, items } = desiredStateReplySchema.parse(await ask(client, subject, { position }));
    expect(revision).toBe(position);
    expect(JSON.stringify(items)).toContain('"desk"');
  });

  it('says to ask again when the log does not come so far in time', async () => {
    const subject = desiredStateSubject('site', id('hq'));
    expect(await refusal(subject, { position: position + 1 })).toMatchObject({
      code: 'desired-state.not-ready',
      retry: 'later',
    });
  });

  it('hands out bundles and the links of invitations', async () => {
    const bundle = await ask(client, desiredStateSubject('bootstrap', id('south')), { position });
    expect(desiredStateReplySchema.parse(bundle).items).toMatchObject([{ certificateId: 'bootstrap' }]);
    const links = await ask(client, desiredStateSubject('invitation', id('store')), { position });
    expect(desiredStateReplySchema.parse(links).items).toMatchObject([{ certificateId: 'claim' }]);
  });

  it.each([
    ['random bytes', '\u0000\uffff{', 'request.not-json'],
    ['no revision', '{"capability":1}', 'request.invalid'],
    ['a revision before the beginning', '{"capability":1,"revision":-1}', 'request.invalid'],
    ['a site in the payload', `{"capability":1,"revision":0,"siteId":"${id('agency')}"}`, 'request.invalid'],
  ])('refuses a sync with a code: %s', async (_, body, code) => {
    expect(await refusal(siteSubject(id('hq'), 'sync'), body)).toMatchObject({ code, retry: 'never' });
  });

  it.each([
    ['something else', `caravan.desired.everything.${id('hq')}`, 'request.invalid'],
    ['no id', 'caravan.desired.site.all', 'request.invalid'],
    ['an unknown site', desiredStateSubject('site', id('nobody')), 'site.unknown'],
    ['the bundle of a member', desiredStateSubject('bootstrap', id('hq')), 'site.unknown'],
    ['an unknown invitation', desiredStateSubject('invitation', id('nobody')), 'invitation.unknown'],
  ])('refuses to hand out %s', async (_, subject, code) => {
    expect(await refusal(subject, { position: 0 })).toMatchObject({ code, retry: 'never' });
  });

  it('refuses a subject that no site has', async () => {
    expect(await refusal('caravan.site.all.sync', { capability: 1, revision: 0 })).toMatchObject({
      code: 'request.invalid',
    });
  });

  it('says in words that NATS is away, and goes on when it is back', async () => {
    await nats().kill();
    await eventually('trouble', () => troubles().length > 0);
    expect(JSON.stringify(troubles())).toContain('nats');
    await nats().restart();
    await eventually('no trouble', () => troubles().length === 0);
    nudges.splice(0);
    position = await append(client, listener('agency', 'travel', 'till'));
    await eventually('a nudge', () => nudges.length > 0);
    expect(nudges).toEqual([[id('agency'), position]]);
    expect(await sync(client, 'agency', position - 1)).toMatchObject({
      kind: 'delta',
      items: [{ revision: position }],
    });
  });
});
