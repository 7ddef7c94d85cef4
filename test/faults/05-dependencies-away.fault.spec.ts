import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getBackboneSite, listBackbones } from '@caravan/api';
import type { Part } from '@caravan/api';
import { eventually } from '@caravan/testing/installation';
import { AwayStage, SERVICES } from './looking-after/away-stage.js';
import type { Answered } from './looking-after/away-stage.js';
import { Operator } from './looking-after/operator.js';

/** What docs/reliability.md promises: no request waits longer for its answer, ... */
const ANSWERED_WITHIN_MS = 20_000;
/** ... nor for a refusal, where it is known already that something is away; and who is asked to end has ended. */
const REFUSED_WITHIN_MS = 10_000;
const ENDED_WITHIN_MS = 3_000;
/** What may come on top where every service is frozen for a while. */
const FROZEN_MS = 5_000;
/** Ten seconds of silence at its site, a report, and a look at the reports. */
const FROZEN_RELAY_MISSED_MS = 20_000;
const isAway = ({ status }: Part): boolean => status === 'away';
const CONTROLLER = 'management-controller';

/** Whatever an installation stands on is taken away, one after the other: it says so in words, and is well when it is back. */
describe('a dependency that is away', () => {
  let stage: AwayStage;
  let operator: Operator;
  let pids: Record<string, number>;

  beforeAll(async () => {
    stage = await AwayStage.set();
    operator = new Operator(stage.installation, stage.scene.api);
  }, 180_000);
  afterAll(() => stage.installation.stop(), 60_000);
  beforeEach(() => void (pids = stage.pids()));

  /** Everything is well again, by itself: no service was started anew. */
  const isWell = async (): Promise<void> => {
    const told = await eventually('all is well', async () => {
      const ended = await operator.caravan('status');
      return ended.code === 0 ? ended : undefined;
    });
    expect(told.stdout).toMatch(/: well\n/);
    expect(stage.pids()).toEqual(pids);
    expect(await stage.write()).toMatchObject({ status: 201 });
    for (const service of SERVICES) {
      await eventually(`${service} is ready`, async () => (await operator.ready(service)).status === 200);
    }
  };
  const says = async (...words: RegExp[]): Promise<void> => {
    const { code, stdout, stderr } = await operator.caravan('status');
    expect(code).toBe(5);
    expect(stderr).toContain('[installation.degraded]');
    for (const each of words) expect(stdout).toMatch(each);
  };
  const refused = ({ status, code, retryAfter, ms }: Answered, wanted: string, within = ANSWERED_WITHIN_MS): void => {
    expect({ status: Math.floor(status / 100), code, retryAfter }).toEqual({
      status: 5,
      code: wanted,
      retryAfter: '2',
    });
    expect(status).not.toBe(500);
    expect(ms).toBeLessThan(within);
  };

  it('1. is missed by nobody while all is there', isWell, 60_000);

  it('2. nats-server: lists can be read, commands are refused in time', async () => {
    await stage.without(['nats-server'], async () => {
      const part = await operator.until(CONTROLLER, 'nats', isAway, 10_000);
      expect(part).toMatchObject({ code: 'nats.away', remedy: expect.stringContaining('start nats-server') });
      for (const service of SERVICES) {
        const ready = await eventually(`${service} is not ready`, async () => {
          const answer = await operator.ready(service);
          return answer.status === 503 ? answer : undefined;
        });
        expect(ready.text).toMatch(
          /"component":"nats","says":"the connection to 127\.0\.0\.1:\d+ is lost; reconnecting"/,
        );
      }
      await says(
        /nats, seen by management-controller: away since .*\n.* is lost; reconnecting\n.*try: start nats-server/,
      );
      expect(await stage.request('GET', '/backbones')).toMatchObject({ status: 200 });
      refused(await stage.write(), 'log.unavailable', REFUSED_WITHIN_MS);
    });
    await isWell();
  }, 120_000);

  it('3. PostgreSQL: nothing can be listed, and how the installation is can be asked all the same', async () => {
    await stage.without(['postgres'], async () => {
      const first = await operator.status(); // before anybody has noticed
      expect({ counts: first.counts, status: first.status }).toEqual({ counts: null, status: 'degraded' });
      for (const service of [CONTROLLER, 'cert-service']) {
        const part = await operator.until(service, 'postgres', isAway, 10_000);
        expect(part).toMatchObject({ code: 'database.away', remedy: expect.stringContaining('start PostgreSQL') });
      }
      expect((await operator.status()).counts).toBeNull();
      expect((await operator.ready('cert-service')).text).toContain('no connection to PostgreSQL');
      await says(/postgres, seen by cert-service: away/, /not known while the lists cannot be read/);
      refused(await stage.request('GET', '/backbones'), 'service.unavailable', REFUSED_WITHIN_MS);
      refused(await stage.write(), 'projection.behind'); // it is in the log, and only there
    });
    await isWell();
  }, 120_000);

  it('4. cert-service, router-config, the management site: what stands on one waits, and the rest goes on', async () => {
    await stage.without(['site-management'], async () => {
      for (const [service, consequence] of [
        ['cert-service', /no certificate is signed/],
        ['router-config', /sites hear of no change/],
      ] as const) {
        await stage.without([service], async () => {
          const part = await operator.until(CONTROLLER, service, isAway, 15_000);
          expect(part.detail).toMatch(consequence);
          expect(part).toMatchObject({ code: 'service.away', remedy: expect.stringContaining(`start ${service}`) });
          await says(new RegExp(`${service} does not answer`));
          expect((await operator.ready(CONTROLLER)).status).toBe(200); // it can do its work
          expect(await stage.write()).toMatchObject({ status: 201 });
          if (service === 'cert-service') return;
          refused(await stage.request('GET', `/sites/${stage.east.resource.id}/state`), 'service.unavailable');
        });
        await operator.until(CONTROLLER, service, ({ status }) => status === 'ok');
      }
      const part = await operator.until(CONTROLLER, 'management site', isAway, 60_000);
      expect(part.detail).toMatch(/has not reported since .*sites without a way of their own do not reach/);
      await says(/management site, seen by management-controller: away/);
    });
    pids = stage.pids();
    await isWell();
  }, 180_000);

  it('5. the relay of the management site', async () => {
    await eventually('its relay is missed', async () => {
      stage.killRelayOfManagementSite();
      const part = await operator.part(CONTROLLER, 'management site');
      return part?.code === 'management-site.not-applied' && part.detail.includes('relay');
    });
    await isWell();
  }, 120_000);

  it('5b. the relay of the management site that is there and does nothing', async () => {
    await stage.frozenRelay('management site', async () => {
      const isMissed = ({ code, detail }: Part): boolean =>
        code === 'management-site.not-applied' && detail.includes('relay of this site is away');
      const part = await operator.until(CONTROLLER, 'management site', isMissed, FROZEN_RELAY_MISSED_MS);
      expect(part.remedy).toContain('one that stands still has to be ended');
      await says(/management site, seen by management-controller: degraded/, /the relay of this site is away/);
      const ready = await operator.ready(CONTROLLER);
      expect(ready).toMatchObject({ status: 200, text: expect.stringContaining('the relay of this site is away') });
      expect(await stage.write()).toMatchObject({ status: 201 });
    });
    const goesOn = Date.now();
    await isWell();
    await eventually('a site reaches the management plane through it again', async () => {
      const params = { backboneId: stage.backbone.id, siteId: stage.east.resource.id };
      const { lastSeenAt } = await stage.scene.api.call(getBackboneSite, { params });
      return Date.parse(lastSeenAt ?? '') > goesOn;
    });
  }, 120_000);

  it('5c. the relay of a backbone site that is there and does nothing: its own command line says so', async () => {
    const { site } = stage.east;
    const status = () => operator.caravan('site', 'status', '--dir', site.dir);
    await eventually('it is well before', async () => (await status()).code === 0);
    await stage.frozenRelay('east', async () => {
      const told = await eventually(
        'it misses its relay',
        async () => {
          const ended = await status();
          return ended.code === 5 ? ended.stdout : undefined;
        },
        { withinMs: FROZEN_RELAY_MISSED_MS },
      );
      expect(told).toContain('its relay does not answer; nothing is carried');
      expect(told).toMatch(/has said nothing for 10 s\. One that stays so has to be ended.*\[relay\.unavailable\]/);
    });
    await eventually('it is well again', async () => (await status()).code === 0);
    await isWell();
  }, 120_000);

  it('6. room for the log: nothing is written, what is there can be read, nothing is lost', async () => {
    await stage.limitLog(20_000);
    const refusal = await eventually('the log is full', async () => {
      const answered = await stage.write();
      return answered.status === 201 ? undefined : answered;
    });
    refused(refusal, 'log.full');
    const part = await operator.until(CONTROLLER, 'log storage', ({ code }) => code === 'log.full', 15_000);
    expect(part.detail).toMatch(/nats-server caravan has used \d+ of \d+ bytes in .*: nothing can be written/);
    expect((await operator.ready(CONTROLLER)).status).toBe(503);
    await says(/log storage, seen by management-controller: degraded/);
    expect(await stage.request('GET', '/backbones')).toMatchObject({ status: 200 });
    await stage.limitLog(undefined);
    await isWell();
  }, 120_000);

  it.each(['nats-server', 'postgres'])(
    '7. %s that is there and answers nothing: nobody waits for ever',
    async (name) => {
      await stage.frozen(name, async () => {
        const answers = await Promise.all([
          stage.write(),
          stage.request('GET', '/backbones'),
          stage.request('GET', '/status'),
        ]);
        for (const { ms } of answers) expect(ms).toBeLessThan(ANSWERED_WITHIN_MS + FROZEN_MS);
        const [write, list, status] = answers;
        expect(write.status).toBeGreaterThan(500);
        expect(list.status).toBe(name === 'nats-server' ? 200 : 504);
        expect(status.status).toBe(200);
        const component = name === 'postgres' ? 'postgres' : 'log';
        await operator.until(CONTROLLER, component, isAway, 30_000);
        if (name === 'postgres') return;
        for (const service of ['cert-service', 'router-config']) {
          await operator.until(CONTROLLER, service, ({ code }) => code === 'service.not-known', 30_000);
        }
        expect(new Set((await operator.status()).parts.map(({ service }) => service))).toEqual(new Set([CONTROLLER]));
      });
      await isWell();
    },
    120_000,
  );

  it('8. everything at once: services end when they are asked to, and wait for what they need when they start', async () => {
    await stage.without(['nats-server', 'postgres'], async () => {
      const starts: (() => Promise<void>)[] = [];
      for (const service of SERVICES) {
        const start = performance.now();
        starts.push(await stage.installation.takeDown(service));
        expect({ service, ms: performance.now() - start < ENDED_WITHIN_MS }).toEqual({ service, ms: true });
      }
      const starting = Promise.allSettled(starts.map((start) => start()));
      for (const service of SERVICES) {
        const ready = await eventually(`${service} says what it waits for`, async () => {
          const answer = await operator.ready(service).catch(() => undefined);
          return answer?.text.includes('no connection to') ? answer : undefined;
        });
        expect(ready.status).toBe(503);
      }
      const before = stage.pids();
      const asked = performance.now();
      for (const pid of Object.values(before)) process.kill(pid, 'SIGTERM');
      await eventually('all have ended', () => (Object.values(before).some(isAlive) ? undefined : true), {
        withinMs: ENDED_WITHIN_MS,
      });
      expect(performance.now() - asked).toBeLessThan(ENDED_WITHIN_MS);
      await starting;
    });
    await stage.without(SERVICES, () => Promise.resolve());
    pids = stage.pids();
    await isWell();
  }, 180_000);

  it('9. has taken nothing with it that was acknowledged', async () => {
    const { items } = await stage.scene.api.call(listBackbones, { query: { limit: 500 } });
    const names = items.map(({ name }) => name);
    expect(stage.acknowledged.length).toBeGreaterThan(10);
    expect(stage.acknowledged.filter((name) => !names.includes(name))).toEqual([]);
    for (const service of SERVICES) expect(stage.installation.log(service)).not.toContain('"level":"fatal"');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
