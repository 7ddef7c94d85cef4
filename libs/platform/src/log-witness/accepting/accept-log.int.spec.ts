import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from 'pg';
import type { QueryRunner } from 'typeorm';
import { ensureLog } from '@caravan/event-store/jetstream';
import { witnessTablesSql } from '@caravan/event-store/postgres';
import { eventually } from '@caravan/testing';
import { launchNats, LogFiles, poolOn, rewriteLog, usePostgres } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import type { Database } from '../../index.js';
import { WitnessedService } from '../witnessed-service.fixture.js';
import { acceptLog } from './index.js';

class CreateWitness1700000000000 {
  readonly name = 'CreateWitness1700000000000';
  up = (runner: QueryRunner): Promise<void> => runner.query(witnessTablesSql()) as Promise<void>;
  down = async (): Promise<void> => undefined;
}
const database: Database = { schema: 'witness', migrations: [CreateWitness1700000000000] };

describe('accepting a log that is not what was witnessed', () => {
  const postgres = usePostgres();
  const copy = join(mkdtempSync(join(tmpdir(), 'caravan-log-copies-')), 'older');
  const also: string[] = [];
  let url: string;
  let nats: TestNats;
  let pool: Pool;
  let files: LogFiles;
  let service: WitnessedService | undefined;

  const run = (...argv: string[]) => {
    const accepted = async () => (also.push('done'), 'Some rows are recorded once more.');
    const environment = { CARAVAN_INSTALLATION: 'acme', NATS_URL: nats.url, DATABASE_URL: url };
    return acceptLog({ name: 'test', database, accepted }, argv, environment);
  };
  const start = async () => (service = await WitnessedService.start(nats, pool));
  const stop = async () => {
    await service?.stop();
    service = undefined;
  };
  /** What the look says to type. */
  const asTold = (told: string): string[] => {
    const [, sequence, hash] = /--sequence (\d+) --hash (\w+)/.exec(told) ?? [];
    return ['--sequence', sequence!, '--hash', hash!, '--by', 'Ada', '--reason', 'it is all there is'];
  };
  const write = async (count: number) => {
    for (let n = 0; n < count; n++) await service!.write(`n${n % 2}`, `${n}`);
  };

  beforeAll(async () => {
    nats = await launchNats({ jetstream: true });
    await ensureLog(await nats.connect());
    files = new LogFiles(nats.storeDir);
    url = await postgres().createDatabase();
    pool = poolOn(url, { options: '-c search_path=witness' });
    await run(); // makes the tables
    await start();
    await write(6);
    await service!.witnessed(6);
    await stop();
    await nats.kill();
    files.copyTo(copy);
    await nats.restart();
    await start();
    await write(4);
    await service!.witnessed(10);
    await stop();
  });
  afterEach(stop);
  afterAll(async () => {
    await pool.end();
    await nats.stop();
    rmSync(copy, { recursive: true, force: true });
  });

  it('is not needed while the log is what was witnessed', async () => {
    expect(await run()).toContain('there is nothing to accept');
  });

  it('needs the very end of the log, and says what that is', async () => {
    await nats.kill();
    files.restoreFrom(copy);
    await nats.restart();
    await start();
    await service!.alarmed();
    await eventually('it is written down', async () => (await pool.query('SELECT FROM log_alarm')).rowCount === 1);
    await stop();
    const told = await run();
    expect(told).toMatch(/ends at position 6.*The alarm of 20.*position 10 was witnessed.*up to position 0 holds/s);
    const [, sequence, , hash] = asTold(told);
    for (const [other, another] of [
      ['7', hash!],
      [sequence!, 'ab'.repeat(32)],
    ]) {
      await expect(run('--sequence', other!, '--hash', another!, '--by', 'Ada', '--reason', 'a try')).rejects.toThrow(
        'ends at position 6',
      );
    }
    await start();
    await expect(service!.write('n1', 'refused')).rejects.toMatchObject({ code: 'log.diverged' });
    expect(also).toEqual([]);
  });

  it('lets the service write again after a restart, and keeps who did it and why', async () => {
    const told = await run(...asTold(await run()));
    expect(told).toMatch(
      /1 checkpoints behind position 0 were dropped; the log is witnessed up to 6.*once more.*rebuild-projections/s,
    );
    expect(also).toEqual(['done']);
    await start();
    await service!.verified();
    expect(await service!.write('n3', 'again')).toMatchObject({ position: 7 });
    await service!.well();
    expect((await pool.query('SELECT * FROM log_acceptance')).rows).toMatchObject([
      { sequence: '6', accepted_by: 'Ada', reason: 'it is all there is', dropped: '1' },
    ]);
    expect((await pool.query('SELECT ended_by FROM log_alarm')).rows).toEqual([{ ended_by: 'Ada' }]);
    await service!.witnessed(7);
  });

  it('keeps what still holds, and covers a log that was changed in its middle', async () => {
    await start();
    for (let n = 0; n < 2_000; n += 100)
      await Promise.all(Array.from({ length: 100 }, (_, m) => service!.write(`m${m}`, `${n}`)));
    await service!.witnessed(2_007);
    await stop();
    await rewriteLog(await nats.connect(), ({ position, bytes }) =>
      position === 1_500 ? Buffer.from(Buffer.from(bytes).toString().replace('"text":"', '"text":"!')) : bytes,
    );
    const told = await run();
    expect(told).toMatch(/behind position 1000, up to 2000, was changed.*up to position 1000 holds/s);
    await run(...asTold(told));
    const { rows } = await pool.query('SELECT sequence FROM log_checkpoint ORDER BY 1');
    expect(rows).toEqual([{ sequence: '1000' }, { sequence: '2007' }]);
    await start();
    await service!.verified();
    await service!.well();
  });

  it('is refused for a log with a hole', async () => {
    await stop();
    await nats.restart();
    await nats.kill();
    files.flipBit('last', -100_000);
    await nats.restart();
    await expect(run()).rejects.toThrow(/nothing that can be read at position \d+.*restore a whole one/);
  });

  it('waits for a database that is away for some seconds, and says so', async () => {
    const environment = {
      CARAVAN_INSTALLATION: 'acme',
      NATS_URL: nats.url,
      DATABASE_URL: 'postgres://127.0.0.1:1/away',
    };
    const accepted = async () => '';
    await expect(acceptLog({ name: 'test', database, accepted }, [], environment)).rejects.toThrow(
      'PostgreSQL does not answer within 10 s',
    );
  });
});
