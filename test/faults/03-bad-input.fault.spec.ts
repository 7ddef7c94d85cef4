import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiRoutes, SITE_API_BASE_PATH, siteRoutes } from '@caravan/api';
import { CLAIM_PATTERN } from '@caravan/events';
import { seeded } from '@caravan/testing';
import { eventually, newKey } from '@caravan/testing/installation';
import { portsOf, silence } from './bad-input/connections.js';
import type { Port, Silence } from './bad-input/connections.js';
import { flood } from './bad-input/flood.js';
import { garbageAt, waysAround } from './bad-input/garbage.js';
import { handedIn } from './bad-input/handed-in.js';
import { besideHonest } from './bad-input/honest.js';
import { attemptsAt, faultsOf as faultsOfOutcome, inTurns, make, wrongMethods } from './bad-input/http-cases.js';
import type { Target } from './bad-input/http-cases.js';
import { logBytes, logFaults } from './bad-input/logs.js';
import { pageAt, sumOf } from './bad-input/metrics.js';
import { mutated } from './bad-input/requests.js';
import { lateOnes, slowOnes } from './bad-input/slow.js';
import type { Slow } from './bad-input/slow.js';
import { relayMetrics, wrongAtSocket } from './bad-input/sockets.js';
import { Stage } from './bad-input/stage.js';
import { badLetters, faultsOf, letterboxes } from './bad-input/subjects.js';
import { unheardOf } from './bad-input/unheard-of.js';

const FLOOD = 20_000;

/** Whatever comes in, and wherever: a clear refusal, a line, a count; nobody dies, and nothing is lost. */
describe('bad input', () => {
  let stage: Stage;
  let ports: readonly Port[];
  let slow: Promise<readonly Slow[]>;
  let quiet: readonly (Silence & { readonly what: string; readonly patienceMs: number })[];
  let quietBytes: number;

  beforeAll(async () => {
    stage = await Stage.set();
    ports = portsOf(stage);
    slow = slowOnes(stage, ports);
    quietBytes = logBytes(stage);
  }, 180_000);
  afterAll(() => (stage as Stage | undefined)?.strike(), 60_000);

  const metricsOf = (service: keyof Stage['installation']['plane']['healthPorts']) =>
    pageAt(`http://127.0.0.1:${stage.installation.plane.healthPorts[service]}/metrics`);
  const requests = async (outcome = /(?:)/) => {
    const pages = await Promise.all([metricsOf('management-controller'), metricsOf('router-config')]);
    return sumOf(pages.join('\n'), 'caravan_site_protocol_requests_total', outcome);
  };
  const refusedMessages = () => requests(/outcome="(?!ok)/);
  /** Does `work` and asserts that the log is where it was. */
  async function withoutAnEvent(work: () => Promise<void>): Promise<void> {
    const before = await stage.position();
    await work();
    expect(await stage.position()).toBe(before);
  }
  async function attacked(target: Target, refused: () => Promise<number>): Promise<void> {
    const attempts = [...wrongMethods(target), ...target.routes.flatMap((route) => attemptsAt(route, target))];
    expect(attempts.length).toBeGreaterThan(target.routes.length * 10);
    const before = await refused();
    const outcomes = await inTurns(attempts, 8, (attempt) => make(target, attempt));
    expect(outcomes.flatMap(faultsOfOutcome)).toEqual([]);
    expect((await refused()) - before).toBeGreaterThanOrEqual(attempts.length);
    // A negative control: what nothing is wrong with is not taken for refused.
    const [list] = target.routes.filter(({ method, params }) => method === 'GET' && params.length === 0);
    const { headers, ...good } = attemptsAt(list!, target)[0]!;
    const authorization = `Bearer ${target.token}`;
    expect(faultsOfOutcome(await make(target, { ...good, headers: { ...headers, authorization } }))).not.toEqual([]);
  }

  it('1. at every route of the management API is refused with what is wrong and where, and counted', async () => {
    const { token } = stage;
    const joinToken = await stage.joinToken();
    const target = { url: stage.installation.plane.apiUrl, token, joinToken, routes: apiRoutes, mostBytes: 262_144 };
    const refused = async () => sumOf(await metricsOf('management-controller'), 'caravan_http_requests_refused_total');
    await withoutAnEvent(() => attacked(target, refused));
    expect(await waysAround(stage)).toEqual([]);
  });

  it('2. at every route of a site’s local API is refused with what is wrong and where, and counted', async () => {
    const { url, token } = stage.localApi(stage.client);
    const page = url.replace(SITE_API_BASE_PATH, '/metrics');
    const headers = { authorization: `Bearer ${token}` };
    const refused = async () => sumOf(await pageAt(page, headers), 'caravan_site_requests_refused_total');
    await withoutAnEvent(() => attacked({ url, token, routes: siteRoutes, mostBytes: 65_536 }, refused));
  });

  it('3. on every subject that a site may write is refused with a code, while honest sites go on', async () => {
    const attack = async (): Promise<void> => {
      const boxes = letterboxes(stage);
      expect(boxes.map(({ pattern }) => pattern)).toContain(CLAIM_PATTERN);
      const letters = boxes.flatMap((box) => badLetters(box).map((letter) => ({ box, letter })));
      const before = await refusedMessages();
      const faults = await inTurns(letters, 8, ({ box, letter }) => faultsOf(box, letter));
      expect(faults.flat()).toEqual([]);
      expect((await refusedMessages()) - before).toBeGreaterThanOrEqual(letters.length);
      // A negative control: the letter that all of these differ from in one place is not refused for what it is.
      for (const box of boxes) {
        const good = {
          what: 'a good letter',
          payload: JSON.stringify(box.message),
          code: /^(request|csr|capability)\./,
        };
        if (!/claim|enrol/.test(box.pattern)) expect(await faultsOf(box, good)).not.toEqual([]);
      }
      expect(await unheardOf(stage, boxes)).toEqual([]);
    };
    const { faults, waits } = await besideHonest(stage, () => withoutAnEvent(attack));
    expect(faults).toEqual([]);
    expect(waits.length).toBeGreaterThan(10);
  });

  it('4. in two thousand requests for certificates with a few bytes changed is found, every time', async () => {
    await withoutAnEvent(async () => {
      const [random, { csr }] = [seeded(20_261_120), newKey('mutant')];
      const mutants = Array.from({ length: 2_000 }, () => mutated(csr, random));
      const answers = await inTurns(mutants, 32, (mutant) => stage.claim(mutant));
      const codes = answers.map(
        (answer) => (answer['error'] as { code?: string } | undefined)?.code ?? JSON.stringify(answer),
      );
      expect(codes.filter((code) => !/^(csr\.|request\.invalid$)/.test(code))).toEqual([]);
    });
    // A negative control: unchanged it is in order.
    expect(await stage.claim()).toMatchObject({ status: expect.stringMatching(/^(admitted|pending)$/) });
  });

  it('5. from one site in a flood keeps no other waiting, and is not written down line by line', async () => {
    const lines = logBytes(stage);
    const { faults, waits } = await besideHonest(stage, async () => {
      const before = await requests();
      expect(await flood(stage, FLOOD)).toBeGreaterThan(0);
      await eventually('the flood is over', async () => (await requests()) >= before + FLOOD);
    });
    expect(faults).toEqual([]);
    expect(Math.max(...waits)).toBeLessThan(10_000);
    expect(logBytes(stage) - lines).toBeLessThan(FLOOD * 10);
  });

  it('6. at every port that anything listens on ends the connection and nothing else', async () => {
    expect(ports.length).toBeGreaterThan(15);
    const refused = async () =>
      sumOf(await relayMetrics(stage.sites.east.site), 'caravan_relay_handshakes_refused_total');
    const before = await refused();
    expect(await garbageAt(stage, ports)).toEqual([]);
    // Four access points, nine times each; what ends before a byte of TLS was said may have been nobody's.
    expect((await refused()) - before).toBeGreaterThanOrEqual(20);
  });

  it('7. at the socket of a relay changes nothing of what it does', async () => {
    const state = await stage.client.state();
    expect(await wrongAtSocket(stage.client, state?.siteId ?? '')).toEqual([]);
    expect(await stage.request()).toBe(true);
  });

  it('8. by five hundred who connect and say nothing holds nobody up', async () => {
    const patient = ports.filter(({ patienceMs }) => patienceMs !== undefined);
    quiet = await inTurns(patient, patient.length, async ({ port, owner, patienceMs = 0 }) => ({
      what: `${port}: ${owner}`,
      patienceMs,
      ...(await silence(port, 500, patienceMs + 20_000)),
    }));
    expect(await stage.request()).toBe(true);
    expect(await stage.claim()).toMatchObject({ status: expect.stringMatching(/^(admitted|pending)$/) });
    expect(await stage.client.state()).toMatchObject({ connected: true });
    expect(quiet.reduce((all, { open }) => all + open(), 0)).toBeGreaterThan(0);
  });

  it('9. in files that people hand in is told to them in words', async () => {
    expect(await handedIn(stage)).toEqual([]);
  });

  it('10. that comes slowly, or not at all, is not waited for longer than is said', async () => {
    expect(lateOnes(await slow)).toEqual([]);
    expect(lateOnes([{ what: 'one', withinMs: 1_000, heard: { text: '', sent: 0, ms: undefined } }])).toHaveLength(1);
    const kept = await Promise.all(
      quiet.map(async ({ what, patienceMs, ended }) => ({ what, patienceMs, ms: await ended })),
    );
    expect(kept.filter(({ patienceMs, ms }) => ms === undefined || ms > patienceMs + 10_000)).toEqual([]);
  });

  it('11. has left lines of bounded length and number, without secrets and without effect on a terminal', () => {
    expect(logFaults(stage)).toEqual([]);
    expect(logBytes(stage) - quietBytes).toBeLessThan(5 * 1_048_576);
  });

  it('12. has changed nothing: each process is the one it was, requests cross, sites join, the lists are those of the log', async () => {
    expect(await stage.wrong()).toEqual([]);
    expect(await stage.request()).toBe(true);
    const before = await stage.position();
    expect(await stage.claim()).toMatchObject({ status: expect.stringMatching(/^(admitted|pending)$/) });
    expect((await stage.rebuild()).position).toBeGreaterThan(before);
  });
});
