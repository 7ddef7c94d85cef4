import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from 'pg';
import { ensureLog, entryAt } from '@caravan/event-store/jetstream';
import { witnessTablesSql } from '@caravan/event-store/postgres';
import { launchNats, LogFiles, poolOn, rewriteLog, usePostgres } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import { WitnessedService } from './witnessed-service.fixture.js';

describe('the witness of the log', () => {
  const postgres = usePostgres();
  const copies = mkdtempSync(join(tmpdir(), 'caravan-log-copies-'));
  const [good, older] = [join(copies, 'good'), join(copies, 'older')];
  let nats: TestNats;
  let pool: Pool;
  let files: LogFiles;
  let end = 0;
  /** What was written down of the good log. */
  let remembered: readonly unknown[][] = [];
  const services: WitnessedService[] = [];

  const start = async (): Promise<WitnessedService> => {
    const service = await WitnessedService.start(nats, pool);
    services.push(service);
    return service;
  };
  const stopAll = () => Promise.all(services.splice(0).map((service) => service.stop()));
  const write = async (service: WitnessedService, count: number, text = 'note') => {
    for (let n = 0; n < count; n++) ({ position: end } = await service.write(`n${n % 4}`, `${text} ${n}`));
  };

  // A log in two files: one is full with 8 MB.
  beforeAll(async () => {
    nats = await launchNats({ jetstream: true });
    await ensureLog(await nats.connect());
    files = new LogFiles(nats.storeDir);
    pool = poolOn(await postgres().createDatabase());
    await pool.query(witnessTablesSql());
    const service = await start();
    await write(service, 11, 'x'.repeat(800_000));
    await write(service, 20);
    await service.witnessed(end);
    await stopAll();
    await nats.kill();
    files.copyTo(older);
    await nats.restart();
    const again = await start();
    await write(again, 20);
    await again.witnessed(end);
    await stopAll();
    await nats.restart(); // in good order, so that it writes its index
    await nats.kill();
    files.copyTo(good);
    expect(files.blocks).toBe(2);
    remembered = (await pool.query('SELECT * FROM log_checkpoint')).rows.map(Object.values);
  });
  afterAll(async () => {
    await pool.end();
    await nats.stop();
    rmSync(copies, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await nats.kill();
    files.restoreFrom(good);
    await pool.query('TRUNCATE log_alarm, log_checkpoint, log_acceptance');
    for (const row of remembered) await pool.query('INSERT INTO log_checkpoint VALUES ($1, $2, $3, $4)', row);
    await nats.restart();
  });
  afterEach(stopAll);

  const replaceEntry = (at: number) => async () =>
    rewriteLog(await nats.connect(), ({ position, bytes }) =>
      position === at ? Buffer.from(Buffer.from(bytes).toString().replace('note', 'NOTE')) : bytes,
    );

  const nothing = () => undefined;
  const makeAnew = async () => ensureLog(await nats.connect());
  it.each<[string, () => void, () => void | Promise<void>]>([
    ['lost the last bytes of its file', () => files.cut('last', 10), nothing],
    ['lost them, and the server does not know', () => [files.cut('last', 10), files.forgetIndex()], nothing],
    ['lost half of its last file', () => files.cutInHalf('last'), nothing],
    ['lost half of an earlier file', () => files.cutInHalf('first'), nothing],
    ['has a flipped bit in its last entry', () => files.flipBit('last', -200), nothing],
    ['has a flipped bit in its last file', () => files.flipBit('last', -10_000), nothing],
    ['has one, and the server does not know', () => [files.flipBit('last', -10_000), files.forgetIndex()], nothing],
    ['has a flipped bit in an earlier file', () => files.flipBit('first', 1_000_000), nothing],
    ['lost its last file', () => files.remove('last'), nothing],
    ['lost an earlier file', () => files.remove('first'), nothing],
    ['is an older copy', () => files.restoreFrom(older), nothing],
    ['is gone, and was made anew', () => rmSync(nats.storeDir, { recursive: true }), makeAnew],
    ['was written anew with another entry in the middle', nothing, replaceEntry(20)],
    ['was written anew with another entry at its end', nothing, replaceEntry(51)],
  ])('notices that the log %s', async (_, damage, afterwards) => {
    const running = await start();
    await running.verified();
    await nats.kill();
    damage();
    await nats.restart();
    await afterwards();
    const started = await start();
    for (const service of [running, started]) {
      await service.alarmed();
      await expect(service.write('n9', 'refused')).rejects.toMatchObject({ code: 'log.diverged' });
      expect(service.health.troubles()).toMatchObject([{ component: 'log witness' }]);
      expect(await service.metrics.metrics()).toMatch(/caravan_log_diverged\{service="test"\} 1/);
      expect(service.lines.filter((line) => line.includes('"log.diverged"'))).toHaveLength(1);
    }
  });

  it.each([
    ['behind its end', 1_000, /^the log ends at position \d+, but position 1000 was witnessed/],
    ['inside of it', 3, /^position 3 of the log holds another entry/],
  ])('is told by a reader what is there no longer: %s', async (_, sequence, says) => {
    const service = await start();
    await service.verified();
    await service.witness.look();
    await service.well();
    const { stream } = (await entryAt(await nats.connect(), 3))!;
    await service.witness.look({ sequence: 3, stream }); // it was not looked for well enough: it is there
    await service.write('n1', 'not refused');
    await service.witness.look({ sequence, stream: `${stream}-another` });
    await expect(service.write('n1', 'refused')).rejects.toMatchObject({ code: 'log.diverged' });
    expect(service.trouble).toMatch(says);
  });

  it('takes nothing for damage that is none: restarts and kills of both servers', async () => {
    const service = await start();
    await service.verified();
    await nats.restart();
    await service.connected();
    await service.write('n1', 'after a restart');
    await nats.kill();
    await nats.restart();
    await service.connected();
    await service.write('n1', 'after a kill');
    await Promise.all([nats.kill(), postgres().kill()]);
    await Promise.all([nats.restart(), postgres().restart()]);
    await service.connected();
    const { position } = await service.write('n1', 'after a kill of both');
    await service.witnessed(position);
    await service.well();
    await stopAll();
    const next = await start();
    await next.verified();
    await next.write('n1', 'after its own restart');
    await next.well();
  });

  it('follows a log that goes further than it remembers: an older database is no damage', async () => {
    await pool.query('DELETE FROM log_checkpoint');
    const service = await start();
    await service.witnessed(end);
    const again = (await pool.query('SELECT sequence, chain FROM log_checkpoint')).rows.map(Object.values);
    expect(again).toEqual(remembered.map(([sequence, chain]) => [sequence, chain]));
    await service.well();
  });

  it('is what notices: without its checkpoints a shorter log is written on', async () => {
    await nats.kill();
    files.restoreFrom(older);
    await nats.restart();
    await pool.query('DELETE FROM log_checkpoint');
    const service = await start();
    await expect(service.write('n9', 'written')).resolves.toMatchObject({ position: 32 });
  });
});
