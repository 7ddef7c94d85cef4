import { describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { usePostgres } from '@caravan/testing/servers';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Secret } from '@caravan/pki';
import { createLog, createMetrics, Ended, Health, openDataSource, poolOf } from '../index.js';
import type { Service } from '../index.js';

class CreateThings1763600000000 implements MigrationInterface {
  readonly name = 'CreateThings1763600000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table things (id int primary key)');
  }
  async down(): Promise<void> {}
}

class Breaks1763600000001 implements MigrationInterface {
  readonly name = 'Breaks1763600000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table half (id int)');
    await runner.query('create nonsense');
  }
  async down(): Promise<void> {}
}

describe("an app's database", () => {
  const postgres = usePostgres();
  const newService = (): Service => ({
    name: 'test',
    log: createLog('test', 'error'),
    health: new Health(),
    metrics: createMetrics('test'),
  });
  const open = async (
    url: string,
    schema: string,
    migrations: (new () => MigrationInterface)[] = [CreateThings1763600000000],
    service = newService(),
  ) => openDataSource({ DATABASE_URL: new Secret(url) }, { schema, migrations }, service);

  it('is migrated once, however many replicas start together', async () => {
    const url = await postgres().createDatabase();
    const sources = await Promise.all([1, 2, 3, 4].map(() => open(url, 'app')));
    const { rows } = await poolOf(sources[0]!).query<{ name: string }>('select name from migrations');
    expect(rows.map(({ name }) => name)).toEqual(['CreateThings1763600000000']);
    await Promise.all(sources.map((source) => source.destroy()));
  });

  it('keeps to its own schema', async () => {
    const url = await postgres().createDatabase();
    const [one, two] = [await open(url, 'one'), await open(url, 'two')];
    await poolOf(one).query('insert into things values (1)');
    expect((await poolOf(two).query('select * from things')).rowCount).toBe(0);
    expect((await poolOf(two).query('select * from one.things')).rowCount).toBe(1);
    await Promise.all([one.destroy(), two.destroy()]);
  });

  it('takes back a migration that fails, and lets go of the lock', async () => {
    const url = await postgres().createDatabase();
    await expect(open(url, 'app', [CreateThings1763600000000, Breaks1763600000001])).rejects.toThrow('nonsense');
    const source = await open(url, 'app');
    expect((await poolOf(source).query("select to_regclass('app.half') as half")).rows).toEqual([{ half: null }]);
    await source.destroy();
  });

  it('waits no longer when the service is to end', async () => {
    const url = await postgres().createDatabase();
    const ending = new AbortController();
    await postgres().kill();
    const opening = open(url, 'app', [], { ...newService(), ending: ending.signal });
    await new Promise((resolve) => setTimeout(resolve, 400));
    ending.abort();
    await expect(opening).rejects.toThrow(Ended);
    await postgres().restart();
  });

  it('refuses a wrong password at once', async () => {
    const url = (await postgres().createDatabase()).replace(/:[^:@/]+@/, ':wrong@');
    await expect(open(url, 'app')).rejects.toThrow('password authentication failed');
  });

  it('waits for a server that is away, says so, and survives that it goes', async () => {
    const url = await postgres().createDatabase();
    const service = newService();
    await postgres().kill();
    const opening = open(url, 'app', [CreateThings1763600000000], service);
    await eventually('ECONNREFUSED is said', () =>
      service.health.troubles().some(({ says }) => says.includes('ECONNREFUSED')),
    );
    expect(service.health.troubles()).toEqual([
      { component: 'postgres', says: expect.stringContaining('ECONNREFUSED') },
    ]);
    await postgres().restart();
    const source = await opening;
    expect(service.health.troubles()).toEqual([]);
    await poolOf(source).query('insert into things values (1)');
    await postgres().kill();
    // What served a connection outlives its postmaster for a moment, each for one of its own.
    const isAway = () =>
      poolOf(source)
        .query('select 1')
        .then(
          () => false,
          () => true,
        );
    await eventually('it is away, to all of the pool', async () => (await isAway()) && poolOf(source).totalCount === 0);
    expect(await isAway()).toBe(true);
    await eventually('trouble', () => service.health.troubles().length > 0);
    expect(service.health.conditions()).toMatchObject([
      {
        component: 'postgres',
        status: 'away',
        code: 'database.away',
        remedy: expect.stringContaining('start PostgreSQL'),
      },
    ]);
    await postgres().restart();
    await eventually('no trouble', () => service.health.troubles().length === 0);
    expect((await poolOf(source).query('select * from things')).rowCount).toBe(1);
    await source.destroy();
  });
});
