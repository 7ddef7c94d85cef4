import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAsService, eventually } from '@caravan/testing/installation';
import { readRows } from '@caravan/testing/kill-points';
import { Operator } from './looking-after/operator.js';
import { PoisonStage } from './looking-after/poison-stage.js';
import type { Poison } from './looking-after/poison-stage.js';

/** Entries that cannot be read, written by somebody who has the credentials of a service. */
describe('poison in the log', () => {
  let stage: PoisonStage;
  let operator: Operator;
  const poisons: Poison[] = [];

  beforeAll(async () => {
    stage = await PoisonStage.set();
    operator = new Operator(stage.installation, stage.scene.api);
  }, 180_000);
  afterAll(() => stage.strike(), 60_000);

  const halts = async (at: Poison) => {
    for (const name of at.halts) {
      const [service, part] = name.split('/') as [string, string];
      const found = await operator.until(service, part, ({ detail }) => detail.includes(`position ${at.position} `));
      expect(found).toMatchObject({ status: 'degraded', code: 'log.undecodable', since: expect.any(String) });
      expect(found.detail).toContain(at.stream);
      expect(found.detail).toMatch(at.why);
      expect(found.remedy).toContain(`caravan log pass-over ${at.position} `);
    }
  };

  it('1. stops who needs it, is put aside by who reacts, and is no matter to others', async () => {
    expect((await operator.status()).parts.filter(({ code }) => code === 'log.undecodable')).toEqual([]);
    poisons.push(...(await stage.poison()));
    await halts(poisons[0]!);
    const quarantined = await eventually('all are put aside', async () => {
      const list = JSON.parse((await operator.caravan('quarantine', 'list', '-o', 'json')).stdout) as {
        items: { reaction: string; position: number }[];
      };
      const ids = list.items.map(({ reaction, position }) => `${reaction}@${position}`).sort();
      return ids.length >= poisons.flatMap(({ quarantined }) => quarantined).length ? ids : undefined;
    });
    // These and no other: nothing that can be read is put aside.
    expect(quarantined).toEqual(
      poisons.flatMap((each) => each.quarantined.map((id) => `${id}@${each.position}`)).sort(),
    );
    expect((await operator.ready('router-config')).text).toContain(`position ${poisons[0]!.position} `);
    expect((await operator.ready('management-controller')).status).toBe(503);
    expect(await operator.ready('cert-service')).toMatchObject({
      status: 200, // it does its work
      text: expect.stringContaining('reaction.quarantined'),
    });

    // What is not touched goes on: a backbone is made, and cert-service establishes its authorities.
    const before = await stage.authorities();
    expect(await stage.makeBackbone('meanwhile')).toMatchObject({ code: 'projection.behind', status: 503 });
    await eventually('its authorities are made', async () => (await stage.authorities()) > before);
    for (const poison of poisons.filter(({ command }) => command)) {
      expect(await stage.command(poison)).toMatchObject({
        status: 503,
        code: 'log.undecodable',
        position: poison.position,
      });
    }
  }, 120_000);

  it('2. is told in words, also by a controller that has just started', async () => {
    stage.installation.killProcess('management-controller');
    await halts(poisons[0]!);
    // How far each is, it looks at from time to time: not before it has said that it halted. Nor has it heard of each service by then.
    const { code, stdout } = await eventually(
      'it says how far its read models are, and what cert-service says',
      async () => {
        const status = await operator.caravan('status');
        const isThere = [/management-controller +read models +projection/, /cert-service-authorities put position/];
        return isThere.every((words) => words.test(status.stdout)) ? status : undefined;
      },
    );
    expect(code).toBe(5);
    for (const words of [/read models is degraded/, /directory is degraded/, /desired state is degraded/]) {
      expect(stdout.split('\n')[0]).toMatch(words);
    }
    expect(stdout).toMatch(/cert-service-authorities put position \d+ \(.*\) aside/);
    expect(stdout).toContain(`caravan log pass-over ${poisons[0]!.position} `);
    expect(stdout).toMatch(/management-controller +read models +projection +halted/);
  });

  it('3. is passed over by a command, and nothing else is: who had halted goes on by itself', async () => {
    const good = await stage.goodEntry();
    const passOver = (position: number, ...more: string[]) =>
      operator.caravan('log', 'pass-over', String(position), '--reason', 'written by a test', ...more);
    expect(await passOver(good)).toMatchObject({ code: 1, stderr: expect.stringContaining('log-entry.readable') });
    expect(await passOver(1_000_000)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('log-entry.not-found'),
    });
    for (const [index, poison] of poisons.entries()) {
      await halts(poison);
      const shown = await operator.caravan('log', 'show', String(poison.position));
      expect(shown.stdout).toMatch(/it cannot be read/);
      if (poison.newer) {
        const refused = await passOver(poison.position);
        expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('log-entry.newer') });
      }
      const ended = await passOver(poison.position, ...(poison.newer ? ['--even-newer'] : []));
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('is passed over') });
      const next = poisons[index + 1];
      if (!next) break;
    }
    for (const name of ['read models', 'directory']) {
      await operator.until('management-controller', name, ({ status }) => status === 'ok');
    }
    await operator.until('router-config', 'desired state', ({ status }) => status === 'ok');
    expect((await operator.caravan('log', 'show', String(poisons[0]!.position))).stdout).toMatch(
      /passed over since .* by administrator bootstrap: written by a test/,
    );
    await eventually('the lists have what was made meanwhile', async () =>
      (await stage.backbones()).includes('meanwhile'),
    );
    for (const poison of poisons) expect(await stage.command(poison)).toBe('done');
  }, 120_000);

  it('4. leaves the quarantine by a command, and what is handled again has no second effect', async () => {
    const ids = poisons.flatMap((each) => each.quarantined.map((id) => `${id}@${each.position}`));
    const [discarded, ...retried] = ids as [string, ...string[]];
    expect(await operator.caravan('quarantine', 'discard', discarded, '--reason', 'garbage')).toMatchObject({
      code: 0,
    });
    for (const id of retried) expect(await operator.caravan('quarantine', 'retry', id)).toMatchObject({ code: 0 });
    expect(await operator.caravan('quarantine', 'retry', discarded)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('quarantine.unknown'),
    });
    // An entry that was handled long ago, as if it had been put aside: it is handled again, and nothing comes of it.
    const good = await stage.putAside('cert-service-authorities');
    const before = await stage.trust();
    expect(await operator.caravan('quarantine', 'retry', `cert-service-authorities@${good}`)).toMatchObject({
      code: 0,
    });
    expect(await stage.trust()).toEqual(before);
    expect((await operator.caravan('quarantine', 'list', '-o', 'name')).stdout).toBe('');
    expect(await stage.decisions()).toEqual([
      ...['LogEntryPassedOver', 'LogEntryPassedOver', 'LogEntryPassedOver', 'LogEntryPassedOver'],
      'QuarantinedEntryDiscarded garbage',
      ...[...retried, 'the good one'].map(() => 'QuarantinedEntryRetried'),
    ]);
  });

  it('5. leaves rows that a rebuild makes again, and a fold that a restart makes again', async () => {
    const end = await stage.settled();
    const rows = await readRows(stage.pool);
    expect(rows.get('network')).toHaveLength(2);
    expect(await operator.caravan('admin', 'rebuild-projections')).toMatchObject({ code: 0 });
    expect(await readRows(stage.pool)).toEqual(rows);
    for (const service of ['management-controller', 'router-config']) stage.installation.killProcess(service);
    await operator.until('router-config', 'desired state', ({ status }) => status === 'ok');
    const { parts, followers } = await eventually('it is known again where the log ends', async () => {
      const status = await operator.status();
      return (status.logEnd ?? 0) >= end ? status : undefined;
    });
    expect(parts.filter(({ code }) => code === 'log.undecodable')).toEqual([]);
    expect(followers.map(({ status }) => status)).not.toContain('halted');
  });

  it('6. can be written by nobody else: a service writes its own contexts only', async () => {
    const nats = await connectAsService(stage.installation, 'router-config');
    const { stream } = poisons[0]!;
    await expect(nats.request(stream, 'garbage', { timeout: 1_000 })).rejects.toThrow(/permission/i);
    await nats.close();
  });
});
