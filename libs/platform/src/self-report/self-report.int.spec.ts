import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import { healthSubject, selfReportSchema } from '@caravan/events';
import type { SelfReport } from '@caravan/events';
import { eventually } from '@caravan/testing';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import {
  createApp,
  createLog,
  createMetrics,
  EventLogModule,
  Health,
  NatsModule,
  SelfReportModule,
  ServiceModule,
} from '../index.js';
import type { Service } from '../index.js';

@Module({})
class AppModule {}

describe('what a service says of itself to others', () => {
  let nats: TestNats;
  let app: INestApplication;
  let service: Service;

  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    service = { name: 'test', log: createLog('test', 'fatal'), health: new Health(), metrics: createMetrics('test') };
    const imports = [
      ServiceModule.of(service),
      NatsModule.of({ NATS_URL: nats.url, NATS_TLS_HANDSHAKE_FIRST: false }),
      EventLogModule.of({ create: {} }),
      SelfReportModule.of(),
    ];
    app = await createApp({ module: AppModule, imports }, service);
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await nats.stop();
  });

  const ask = async (): Promise<SelfReport> => {
    const answer = await (await nats.connect()).request(healthSubject('test'), '', { timeout: 5_000 });
    return selfReportSchema.parse(answer.json());
  };
  const told = (what: string, done: (report: SelfReport) => boolean): Promise<SelfReport> => {
    const report = async () => {
      const each = await ask();
      return done(each) && each;
    };
    return eventually(what, report, { everyMs: 100 });
  };

  it('is who it is and how it is', async () => {
    service.health.watch('coffee', () => 'there is none');
    const report = await ask();
    expect(report).toMatchObject({ service: 'test', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(report.conditions).toContainEqual(expect.objectContaining({ component: 'nats', status: 'ok' }));
    expect(report.conditions).toContainEqual(expect.objectContaining({ component: 'coffee', says: 'there is none' }));
  });

  it('is where its followers are in the log', async () => {
    service.health.followers.add({
      name: 'lists',
      kind: 'projection',
      look: () => ({ status: 'running', position: 0 }),
    });
    await (await nats.connect()).request('caravan.evt.topology.backbone.b1', 'an entry');
    const { followers } = await told('one behind', (report) => report.followers[0]?.behind === 1);
    expect(followers).toEqual([{ name: 'lists', kind: 'projection', status: 'running', position: 0, behind: 1 }]);
    const { conditions } = await told('log.behind', ({ conditions }) =>
      conditions.some(({ code }) => code === 'log.behind'),
    );
    expect(conditions.find(({ code }) => code === 'log.behind')?.says).toBe('lists stays at 0, 1 behind the log’s end');
  });

  it('is that there is no log', async () => {
    const { streams } = await jetstreamManager(await nats.connect());
    await streams.delete('CARAVAN');
    const logOf = ({ conditions }: SelfReport) => conditions.find(({ component }) => component === 'log');
    const report = await told('no log', (each) => logOf(each)?.status === 'away');
    expect(logOf(report)).toMatchObject({ says: 'there is no log on this server', code: 'log.missing' });
  });

  it('goes into an inbox and nowhere else', async () => {
    const connection = await nats.connect();
    const heard: string[] = [];
    connection.subscribe('caravan.evt.>', { callback: (_, message) => void heard.push(message.subject) });
    connection.publish(healthSubject('test'), '', { reply: 'caravan.evt.topology.backbone.b1' });
    connection.publish(healthSubject('test'), '');
    await connection.flush();
    await ask(); // answered after those
    expect(heard).toEqual([]);
  });
});
