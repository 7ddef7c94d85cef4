import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import { ensureLog, LOG_STREAM } from '@caravan/event-store/jetstream';
import { witnessTablesSql } from '@caravan/event-store/postgres';
import { eventually } from '@caravan/testing';
import { notebookStream } from '@caravan/testing/event-store';
import { launchNats, LogFiles, poolOn, usePostgres } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import { WitnessedService } from './witnessed-service.fixture.js';

describe('the alarm of a log that is not what was witnessed', () => {
  const postgres = usePostgres();
  const copies = mkdtempSync(join(tmpdir(), 'caravan-log-copies-'));
  let tenth: unknown[];
  let nats: TestNats;
  let pool: Pool;
  let files: LogFiles;
  const services: WitnessedService[] = [];

  const start = async (): Promise<WitnessedService> => {
    const service = await WitnessedService.start(nats, pool);
    services.push(service);
    return service;
  };
  const stop = (service: WitnessedService) => {
    services.splice(services.indexOf(service), 1);
    return service.stop();
  };
  /** With the server killed. */
  const changeFiles = async (change: () => void) => {
    await nats.kill();
    change();
    await nats.restart();
  };
  const copyTo = (name: string) => changeFiles(() => files.copyTo(join(copies, name)));
  const restore = (name: string) => changeFiles(() => files.restoreFrom(join(copies, name)));
  const alarms = async () => (await pool.query('SELECT * FROM log_alarm')).rows as Record<string, unknown>[];
  const writtenDown = () => eventually('the alarm is written down', async () => (await alarms()).length > 0);

  beforeAll(async () => {
    nats = await launchNats({ jetstream: true });
    await ensureLog(await nats.connect());
    files = new LogFiles(nats.storeDir);
    pool = poolOn(await postgres().createDatabase());
    await pool.query(witnessTablesSql());
    const service = await start();
    for (let n = 0; n < 5; n++) await service.write('n1', `${n}`);
    await copyTo('five');
    for (let n = 5; n < 10; n++) await service.write('n1', `${n}`);
    await service.witnessed(10);
    await stop(service);
    await copyTo('ten');
    tenth = Object.values((await pool.query('SELECT * FROM log_checkpoint')).rows[0] as object);
  });
  beforeEach(async () => {
    await restore('ten');
    await pool.query('TRUNCATE log_alarm, log_checkpoint, log_acceptance');
    await pool.query('INSERT INTO log_checkpoint VALUES ($1, $2, $3, $4)', tenth);
  });
  afterEach(() => Promise.all(services.splice(0).map((service) => service.stop())));
  afterAll(async () => {
    await pool.end();
    await nats.stop();
    rmSync(copies, { recursive: true, force: true });
  });

  it('says what, where and what to do; reads go on', async () => {
    await restore('five');
    const service = await start();
    const error = await service.write('n2', 'refused').catch((refusal: Error) => refusal);
    expect(error).toMatchObject({ code: 'log.diverged', details: { sequence: 10 } });
    expect((error as Error).message).toMatch(
      /ends at position 5, but position 10 was witnessed.*Writes are refused and reads go on/,
    );
    expect((error as Error).message).toContain('docs/reliability.md');
    expect(service.trouble).toMatch(/ends at position 5.*writes are refused since 20/);
    await expect(service.store.read(notebookStream('n1'))).resolves.toMatchObject({ revision: 5 });
  });

  it.each<[string, () => void]>([
    ['is shorter', () => files.restoreFrom(join(copies, 'five'))],
    // Both of its ends are those that were seen: that is only found by reading it.
    ['was damaged in its middle', () => files.flipBit('last', 1_000)],
  ])('lets no command that was under way into a log that %s', async (_, damage) => {
    const service = await start();
    const acknowledged: number[] = [];
    const refusals = new Set<string>();
    // New ones all the time, each on a stream of its own, which no damage concerns.
    const commands: Promise<unknown>[] = [];
    const firing = setInterval(() => {
      const command = service.write(`w${commands.length}`, 'new').then(
        ({ position }) => acknowledged.push(position),
        ({ code }: { code: string }) => refusals.add(code),
      );
      commands.push(command);
    }, 2);
    await eventually('commands are under way', () => acknowledged.length > 20);
    await nats.end();
    await service.lost();
    const before = acknowledged.length;
    damage();
    await eventually('many are under way', () => commands.length > before + 20);
    await nats.restart();
    await service.alarmed();
    await eventually('they are refused', () => refusals.has('log.diverged'));
    clearInterval(firing);
    await Promise.all(commands);
    expect(acknowledged).toHaveLength(before);
    refusals.delete('log.unavailable'); // for those who came more than a second before the server was back
    expect([...refusals]).toEqual(['log.diverged']);
  });

  it('lasts over a restart, and ends when the right log is back and was read from its first entry', async () => {
    await restore('five');
    await stop(await start());
    await writtenDown();
    await restore('ten');
    const service = await WitnessedService.prepare(nats, pool);
    services.push(service);
    await expect(service.write('n2', 'not yet')).rejects.toThrow('position 10 was witnessed');
    expect(service.trouble).toMatch(/until the log is read from its first entry/);
    service.witness.verify();
    await service.well();
    await expect(service.write('n2', 'now')).resolves.toMatchObject({ position: 11 });
    expect(await alarms()).toMatchObject([{ sequence: '10', ended_by: 'test' }]);
  });

  it('is another replica’s as well', async () => {
    const [one, other] = [await start(), await start()];
    one.witness.raise({ kind: 'altered', sequence: 7, after: 0 });
    await other.alarmed();
    await expect(other.write('n2', 'refused')).rejects.toThrow('up to 7, was changed');
    expect(await alarms()).toHaveLength(1);
  });

  it('comes when two replicas have seen different logs', async () => {
    const service = await start();
    await service.verified();
    await pool.query(`INSERT INTO log_checkpoint SELECT 11, chain, commit_hash, at FROM log_checkpoint`);
    await service.write('n2', 'the eleventh');
    await service.alarmed();
    await writtenDown();
    expect(await alarms()).toMatchObject([{ sequence: '11' }]);
  });

  it('comes when the log is deleted, and when it is made anew, while services run', async () => {
    const service = await start();
    await service.verified();
    const nc = await nats.connect();
    await (await jetstreamManager(nc)).streams.delete(LOG_STREAM);
    await service.alarmed();
    expect(service.trouble).toContain('there is no log any more');
    await pool.query('UPDATE log_alarm SET ended_at = now()');
    await ensureLog(nc);
    const next = await start();
    await next.alarmed();
    expect(next.trouble).toContain('ends at position 0');
  });

  it('comes not because PostgreSQL is away: what was missed is written down afterwards', async () => {
    const service = await start();
    await service.verified();
    await postgres().kill();
    const { position } = await service.write('n2', 'meanwhile');
    await eventually('trouble', () => service.trouble !== undefined);
    await expect(service.write('n2', 'more')).resolves.toMatchObject({ position: position + 1 });
    await postgres().restart();
    await service.witnessed(position + 1);
    await service.well();
    expect(await alarms()).toEqual([]);
  });

  it('is not raised by milestones: one of every thousand is kept, and the last', async () => {
    const service = await start();
    for (let n = 0; n < 2_100; n += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, m) => service.write(`m${m}`, `${n}`)));
    }
    await service.witnessed(2_110);
    const { rows } = await pool.query('SELECT sequence FROM log_checkpoint ORDER BY 1');
    expect(rows.map(({ sequence }: { sequence: string }) => Number(sequence))).toEqual([1_000, 2_000, 2_110]);
    await stop(service);
    const next = await start();
    await next.verified();
    await next.well();
  });
});
