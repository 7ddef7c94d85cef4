import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthorityEstablished } from '@caravan/events';
import { randomNonce, seal } from '@caravan/pki';
import { newId } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { AuthorityStore } from '../authorities/authority-store.js';
import { newIds, useInstallation } from '../installation.fixture.js';
import { rewrap } from './rewrap.js';

const [FIRST, SECOND, THIRD] = [1, 2, 3].map(() => randomBytes(32).toString('base64')) as [string, string, string];

describe('the master key of an installation', () => {
  const installation = useInstallation();
  let file: string;
  const put = (...keys: string[]) => writeFileSync(file, keys.join('\n'));
  const environment = () => {
    const { PKI_MASTER_KEY: _, ...others } = installation().environment();
    return { ...others, PKI_MASTER_KEY_FILE: file };
  };
  const start = () => installation().start({ PKI_MASTER_KEY_FILE: file });
  const sealed = async () =>
    (await installation().pool.query<{ key: string }>(`select encode(sealed_key, 'hex') as key from authorities`)).rows;

  beforeEach(async () => {
    file = join(installation().directory, 'master.key');
    put(FIRST);
    await installation().init(undefined, environment());
  });
  afterEach(() => rmSync(file, { force: true }));

  it('is replaced while a service runs, which goes on, and the old one is worth nothing then', async () => {
    const at = installation();
    await start();
    const [before, between, after] = [newIds(), newIds(), newIds()];
    await at.all(before);
    await at.issued(before.certificateId);

    put(FIRST, SECOND);
    expect(await rewrap([], environment())).toMatch(/^\d+ CA keys are sealed with the newest/);
    expect(await rewrap([], environment())).toMatch('nothing was changed');
    // Under a backbone whose keys it knows and under one for which it makes them.
    await at.network({ ...between, backboneId: before.backboneId });
    await at.member({ ...between, backboneId: before.backboneId });
    await at.issued(between.certificateId);
    await at.all(after);
    await at.issued(after.certificateId);

    put(FIRST);
    await at.stop();
    await expect(start()).rejects.toMatchObject({ exitCode: 78 });
    put(SECOND);
    const last = newIds();
    const again = await start();
    await at.all(last);
    await at.issued(last.certificateId);
    expect(again.health.troubles()).toEqual([]);
  });

  it('is waited for by a service that was not given it, which says so', async () => {
    const at = installation();
    const service = await start();
    const { PKI_MASTER_KEY_FILE: _, ...others } = environment();
    await rewrap([], { ...others, PKI_MASTER_KEY: `${FIRST} ${SECOND}` });
    const ids = newIds();
    await at.all(ids);
    await eventually(
      () => `trouble: ${JSON.stringify(service.health.troubles())}`,
      () => service.health.troubles().some(({ says }) => says.includes('the master key')),
    );
    put(FIRST, SECOND);
    await at.issued(ids.certificateId);
  });

  it.each([
    ['that is not among them', () => put(SECOND, THIRD)],
    ['that is none', () => put('short')],
    ['that is gone', () => rmSync(file)],
  ])('%s: nothing is sealed anew', async (_, maltreat) => {
    const before = await sealed();
    maltreat();
    await expect(rewrap([], environment())).rejects.toMatchObject({ exitCode: 78 });
    expect(await sealed()).toEqual(before);
    put(FIRST);
    await start();
  });

  it('stays as it is when one of the keys is damaged', async () => {
    const { pool } = installation();
    await pool.query(
      `update authorities set sealed_key = set_byte(sealed_key, 40, get_byte(sealed_key, 40) # 1) where kind = 'root'`,
    );
    const before = await sealed();
    put(FIRST, SECOND);
    await expect(rewrap([], environment())).rejects.toMatchObject({ code: 'seal.tampered' });
    expect(await sealed()).toEqual(before);
  });

  it('is the only one that an authority can be kept under', async () => {
    const { pool } = installation();
    const store = new AuthorityStore(pool);
    const authorityId = newId();
    const [root] = await installation().authorities();
    const event = AuthorityEstablished({ ...root!, authorityId });
    const metadata = { ...(await store.find(root!.authorityId))!.metadata, commandId: authorityId };
    const under = (key: string) => seal(Buffer.from('x'), Buffer.from(key, 'base64'), authorityId, randomNonce());
    expect(await store.keep({ event, metadata, sealedKey: under(SECOND) })).toBe(false);
    expect(await store.find(authorityId)).toBeUndefined();
    expect(await store.keep({ event, metadata, sealedKey: under(FIRST) })).toBe(true);
  });

  it('is not mixed with another one by services that make authorities meanwhile', async () => {
    const at = installation();
    await Promise.all([start(), start()]);
    put(FIRST, SECOND);
    const all = Array.from({ length: 8 }, () => newIds());
    await Promise.all([...all.map((ids) => at.all(ids)), rewrap([], environment())]);
    for (const ids of all) await at.issued(ids.certificateId);
    const { rows } = await at.pool.query<{ id: string }>(
      `select distinct encode(substring(sealed_key from 2 for 8), 'hex') as id from authorities`,
    );
    const { rows: vault } = await at.pool.query<{ id: string }>('select key_id as id from vault');
    expect(rows).toEqual(vault);
  });
});
