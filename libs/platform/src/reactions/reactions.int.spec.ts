import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Controller, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { BackboneCreated, BackboneRenamed, backboneStream, CLAIM_PATTERN, INSTALLATION_ISSUERS } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { InMemoryQuarantine, NotYet, PermanentFailure } from '@caravan/event-store';
import type { EventStore, RecordedEvent } from '@caravan/event-store';
import { eventually } from '@caravan/testing';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import {
  createApp,
  createLog,
  createMetrics,
  EVENT_STORE,
  EventLogModule,
  Health,
  NatsModule,
  ServiceModule,
  systemClock,
} from '../index.js';
import type { Service } from '../index.js';
import { connectReactions, consequenceOf, Recorded } from './index.js';

type Created = EventOf<typeof BackboneCreated>['data'];

const id = (n: number) => `0199d1b0-0000-7000-8000-00000000000${n}`;

/** What was handled, and what is to go wrong. */
const seen: string[] = [];
let wrong: (name: string) => void = () => undefined;

@Controller()
class Reactions {
  @EventPattern(BackboneCreated.type, { reaction: 'greeting' })
  created(@Recorded() event: RecordedEvent<EventOf<typeof BackboneCreated>>): void {
    const { name } = event.data;
    wrong(name);
    seen.push(`created ${name} ${consequenceOf(event, { name: 'test' }, systemClock).causationId}`);
  }

  @EventPattern([BackboneCreated.type, BackboneRenamed.type], { reaction: 'counting' })
  async counted(@Payload() { name }: Created): Promise<void> {
    await Promise.resolve();
    seen.push(`counted ${name}`);
  }

  @MessagePattern(CLAIM_PATTERN)
  claim(): void {
    seen.push('claim');
  }
}

@Module({ controllers: [Reactions] })
class AppModule {}

describe('reactions', () => {
  let nats: TestNats;
  let apps: INestApplication[] = [];
  let quarantine: InMemoryQuarantine;
  let service: Service;

  async function start(): Promise<INestApplication> {
    service = { name: 'test', log: createLog('test', 'fatal'), health: new Health(), metrics: createMetrics('test') };
    const imports = [
      ServiceModule.of(service),
      NatsModule.of({ NATS_URL: nats.url, NATS_TLS_HANDSHAKE_FIRST: false }),
      EventLogModule.of({ create: {} }),
    ];
    const app = await createApp({ module: AppModule, imports }, service);
    connectReactions(app, quarantine, { greeting: { backoffMs: { first: 20, longest: 50 } } });
    await app.startAllMicroservices();
    apps.push(app);
    return app;
  }

  beforeEach(async () => {
    seen.length = 0;
    wrong = () => undefined;
    quarantine = new InMemoryQuarantine();
    // One for each: a server that makes a stream anew under the name of one just deleted fails at times.
    nats = await launchNats({ jetstream: true });
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
    await nats.stop();
  });

  async function create(app: INestApplication, n: number, name: string): Promise<void> {
    const metadata = {
      commandId: `create-${n}`,
      now: new Date(),
      actor: { kind: 'administrator', id: 'a' },
      via: 'api',
      source: 'test',
      correlationId: `request-${n}`,
      causationId: `request-${n}`,
      ownerGroup: null,
    } as const;
    const event = BackboneCreated({ backboneId: id(n), name, issuers: INSTALLATION_ISSUERS });
    const options = { expectedRevision: 0, previousHash: null, metadata };
    const { outcome } = await app.get<EventStore>(EVENT_STORE).append(backboneStream(id(n)), [event], options);
    expect(outcome).toBe('appended');
  }

  it('are ordinary event handlers: each gets each event, and requests are none of theirs', async () => {
    const app = await start();
    await create(app, 1, 'one');
    await eventually('2 are handled', () => seen.length >= 2);
    expect([...seen].sort()).toEqual(['counted one', `created one ${backboneStream(id(1))}@1#0`]);
  });

  it('get what happened before they were there, once for all replicas', async () => {
    const app = await start();
    await app.close();
    apps = [];
    const [one, two] = [await start(), await start()];
    for (let n = 1; n < 10; n++) await create(n % 2 ? one : two, n, `name-${n}`);
    await eventually('18 are handled', () => seen.length >= 18);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.length).toBe(18);
    expect(new Set(seen).size).toBe(18);
  });

  it('are called again after a failure, and the health port says what fails', async () => {
    let failures = 0;
    let paper = false;
    wrong = () => {
      if (!paper && ++failures) throw new Error('no paper left');
    };
    const app = await start();
    await create(app, 1, 'one');
    await eventually('trouble', () => service.health.troubles().length > 0);
    expect(service.health.troubles()).toEqual([
      { component: 'reactions', says: expect.stringContaining('no paper left') },
    ]);
    await eventually('it is called again and again', () => failures >= 5);
    expect(seen).toEqual(['counted one']);
    paper = true;
    await eventually('2 are handled', () => seen.length >= 2);
    await eventually('no trouble', () => service.health.troubles().length === 0);
    expect(seen).toHaveLength(2);
  });

  it('wait without failing for what is not there yet', async () => {
    let waits = 0;
    wrong = () => {
      if (waits++ < 3) throw new NotYet('awaiting something', 20);
    };
    const app = await start();
    await create(app, 1, 'one');
    await eventually('2 are handled', () => seen.length >= 2);
    expect(waits).toBe(4);
    expect(service.health.troubles()).toEqual([]);
  });

  it('put aside what will never work, and go on', async () => {
    wrong = (name) => {
      if (name === 'bad') throw new PermanentFailure('this name is cursed');
    };
    const app = await start();
    await create(app, 1, 'bad');
    await create(app, 2, 'good');
    await eventually('3 are handled', () => seen.length >= 3);
    expect(seen.filter((line) => line.startsWith('created'))).toHaveLength(1);
    expect(await quarantine.list()).toEqual([
      { reaction: 'test-greeting', stream: backboneStream(id(1)), position: 1, reason: 'this name is cursed' },
    ]);
  });
});
