import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { CLAIM_PATTERN, MAX_SITE_MESSAGE_BYTES, protocolErrorSchema, siteSubject } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { eventually } from '@caravan/testing';
import { useNats } from '@caravan/testing/servers';
import { createInbox } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { createApp, createLog, createMetrics, Health, NatsModule, ServiceModule } from '../index.js';
import type { Service } from '../index.js';
import { connectSiteProtocol, Message, SubjectId } from './index.js';

const ID = '0199d1b0-0000-7000-8000-000000000001';
const OTHER = '0199d1b0-0000-7000-8000-000000000002';
const request = z.strictObject({ name: z.string() });

@Controller()
class Endpoint {
  static events = 0;
  /** Until then nobody who asks for it is let go. */
  static held = Promise.resolve();
  static readonly asked: string[] = [];

  @MessagePattern(CLAIM_PATTERN)
  async claim(@Message(request) { name }: z.output<typeof request>, @SubjectId() id: string): Promise<object> {
    Endpoint.asked.push(name);
    switch (name) {
      case 'too long':
        return { text: 'x'.repeat(2_000_000) }; // more than the server takes in one message
      case 'late':
        throw new Rejection('invitation.expired', { deadline: '2020-01-01T00:00:00Z' });
      case 'broken':
        throw new Error('password=hunter2');
      case 'held':
        await Endpoint.held;
        return { id, name };
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, 200));
        return { id, name };
      default:
        return { id, name };
    }
  }

  @EventPattern('SomethingHappened')
  never(_data: unknown): void {
    Endpoint.events++;
  }
}

@Module({ controllers: [Endpoint] })
class AppModule {}

describe('the site protocol', () => {
  const nats = useNats();
  const lines: string[] = [];
  const newService = (): Service => ({
    name: 'test',
    log: createLog('test', 'info', { write: (line) => void lines.push(line) }),
    health: new Health(),
    metrics: createMetrics('test'),
  });
  const service = newService();
  let app: INestApplication;
  let site: NatsConnection;

  const ask = async (body: string | Uint8Array, id = ID): Promise<unknown> =>
    (await site.request(`caravan.claim.${id}`, body, { timeout: 2_000 })).json();
  const refusal = async (body: string | Uint8Array, id = ID) => protocolErrorSchema.parse(await ask(body, id)).error;

  const outcomes = async (code: string) =>
    Number(new RegExp(`outcome="${code}",service="test"\\} (\\d+)`).exec(await service.metrics.metrics())?.[1]);

  async function start(service: Service): Promise<INestApplication> {
    const variables = { NATS_URL: nats().url, NATS_TLS_HANDSHAKE_FIRST: false };
    const module = { module: AppModule, imports: [ServiceModule.of(service), NatsModule.of(variables)] };
    const started = await createApp(module, service);
    connectSiteProtocol(started, {}, { mostInFlight: { all: 60, ofOnePattern: 40, ofOneInvitation: 20 } });
    await started.startAllMicroservices();
    return started;
  }

  beforeAll(async () => {
    site = await nats().connect();
    app = await start(service);
  });
  afterAll(() => app.close());

  it("answers with the handler's JSON and nothing else", async () => {
    expect(await ask('{"name":"store"}')).toEqual({ id: ID, name: 'store' });
  });

  it('answers once', async () => {
    const replies: string[] = [];
    const inbox = createInbox();
    site.subscribe(inbox, { callback: (_error, reply) => void replies.push(reply.string()) });
    site.publish(`caravan.claim.${ID}`, '{"name":"slow"}', { reply: inbox });
    await eventually('an answer', () => replies.length > 0);
    await ask('{"name":"slow"}'); // answered after all that was to be said before
    expect(replies).toEqual([`{"id":"${ID}","name":"slow"}`]);
  });

  it.each([
    ['random bytes', Uint8Array.from([0xff, 0x00, 0xfe, 0x7b]), 'request.not-json'],
    ['half an object', '{"name":', 'request.not-json'],
    ['nothing', '', 'request.not-json'],
    ['the wrong shape', '{"name":7}', 'request.invalid'],
    ['surplus fields', '{"name":"a","siteId":"another"}', 'request.invalid'],
    ['no object', 'null', 'request.invalid'],
    ['deep nesting', '['.repeat(100_000), 'request.invalid'],
    ['a NUL', '{"name":"a\\u0000"}', 'request.invalid'],
    ['half a character', '{"name":"\\ud800"}', 'request.invalid'],
    ['what is spoken no longer', '{"capability":0,"words":"of old"}', 'capability.too-old'],
    ['a version below all', '{"capability":-1,"name":"a"}', 'capability.too-old'],
    ['too much', `{"name":"${'x'.repeat(MAX_SITE_MESSAGE_BYTES)}"}`, 'request.too-large'],
  ])('refuses %s with a code', async (_, body, code) => {
    expect(await refusal(body)).toMatchObject({ code, retry: 'never' });
  });

  it('does not say back what is long', async () => {
    expect(JSON.stringify(await ask(JSON.stringify({ name: 'a', ['x'.repeat(200_000)]: 1 }))).length).toBeLessThan(
      2_000,
    );
  });

  it('does nothing for who does not wait for the answer, and counts it', async () => {
    Endpoint.asked.length = 0;
    site.publish(`caravan.claim.${ID}`, '{"name":"fire and forget"}');
    expect(await ask('{"name":"store"}')).toEqual({ id: ID, name: 'store' });
    expect(Endpoint.asked).toEqual(['store']);
    expect(await outcomes('request.unanswerable')).toBe(1);
  });

  it('does not end when an answer cannot be sent', async () => {
    expect(await refusal('{"name":"too long"}').catch(() => 'no answer')).toBe('no answer');
    expect(lines.join('')).toContain('service.answer-lost');
    expect(await ask('{"name":"store"}')).toEqual({ id: ID, name: 'store' });
  });

  it('refuses a subject whose token is no id', async () => {
    expect(await refusal('{"name":"store"}', 'not-an-id')).toMatchObject({ code: 'request.invalid' });
  });

  it('passes on the code of a rejection', async () => {
    expect(await refusal('{"name":"late"}')).toEqual({
      code: 'invitation.expired',
      detail: 'invitation expired (deadline: 2020-01-01T00:00:00Z)',
      retry: 'never',
      details: { deadline: '2020-01-01T00:00:00Z' },
    });
  });

  it('tells nothing of a fault of its own, and logs it', async () => {
    expect(await refusal('{"name":"broken"}')).toMatchObject({ code: 'service.internal', retry: 'later' });
    expect(JSON.stringify(await ask('{"name":"broken"}'))).not.toContain('hunter2');
    expect(lines.join('')).toContain('site request failed');
  });

  it('tells a flood to come back, and others have their share', async () => {
    /** All at once: none is let go before each is in hand or refused. */
    const together = async (ids: readonly string[]): Promise<unknown[]> => {
      Endpoint.asked.length = 0;
      let [letGo, answered]: [() => void, number] = [() => undefined, 0];
      Endpoint.held = new Promise((resolve) => (letGo = resolve));
      const asking = ids.map((id) => ask('{"name":"held"}', id).finally(() => answered++));
      await eventually('each is in hand or refused', () => Endpoint.asked.length + answered === ids.length);
      letGo();
      return Promise.all(asking);
    };
    const each = (count: number, id: (index: number) => string) => Array.from({ length: count }, (_, n) => id(n));
    const busyIn = (answers: unknown[]) => answers.filter((answer) => JSON.stringify(answer).includes('service.busy'));
    const answers = await together([...each(60, () => ID), ...each(20, () => OTHER)]);
    const [flood, other] = [answers.slice(0, 60), answers.slice(60)];
    const busy = busyIn(flood);
    expect(busy.length).toBe(40);
    expect(busyIn(other)).toEqual([]);
    expect(protocolErrorSchema.parse(busy[0]).error.retry).toBe('later');
    // A negative control: all of one kind together are bounded as well.
    const many = await together(each(60, (index) => OTHER.slice(0, -2) + String(index + 10)));
    expect(busyIn(many).length).toBe(20);
  });

  it('leaves some lines of a flood and not one of each', () => {
    const said = lines.filter((line) => line.includes('"service.busy"'));
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThanOrEqual(20);
  });

  it('counts by pattern and outcome', async () => {
    const text = await service.metrics.metrics();
    expect(text).toMatch(
      /caravan_site_protocol_requests_total\{pattern="caravan\.claim\.\*",outcome="ok",service="test"\} \d+/,
    );
    expect(text).toContain('outcome="request.not-json"');
  });

  it('leaves event patterns and other subjects alone', async () => {
    site.publish('SomethingHappened', '{}');
    await expect(site.request(siteSubject(ID, 'sync'), '{}', { timeout: 500 })).rejects.toThrow();
    expect(Endpoint.events).toBe(0);
  });

  it('answers what it has in hand before it closes', async () => {
    const before = Endpoint.asked.length;
    const slow = ask('{"name":"slow"}');
    await eventually('it is in hand', () => Endpoint.asked.length > before, { everyMs: 5 });
    await app.close();
    expect(await slow).toEqual({ id: ID, name: 'slow' });
    app = await start(newService());
    expect(await ask('{"name":"store"}')).toEqual({ id: ID, name: 'store' });
  });
});
