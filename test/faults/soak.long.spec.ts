import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commandLine,
  descendantsOf,
  LiveStream,
  programOf,
  Requests,
  serveEcho,
  startPair,
  workspaceRoot,
} from '@caravan/testing/installation';
import { againstRebuild, playWhole, Stage } from '@caravan/testing/kill-points';
import { grown, median, roomOf, usageOf } from './soak/usage.js';
import type { Usage } from './soak/usage.js';

const MINUTES = Number(process.env['CARAVAN_SOAK_MINUTES'] ?? 60);
const WARM_UP_MS = 30_000;
const LOOK_EVERY_MS = (MINUTES * 60_000) / 60;
const VISIT_EVERY_MS = 20_000;
const REPORT = join(workspaceRoot, '.caravan', 'soak.md');

/** Everyday life goes on for an hour: requests, a long connection, sites that come, offer something and go. */
describe('everyday life', () => {
  let stage: Stage;
  let requests: Requests;
  let stream: LiveStream;
  let close: () => void;
  let lived: Map<number, { readonly name: string; readonly looks: Usage[] }>;
  let began: number;
  let visits = 0;

  beforeAll(async () => {
    stage = await Stage.set();
    const server = await serveEcho();
    close = () => server.close();
    const { port } = await startPair(stage.scene, stage.network, server);
    requests = new Requests(port);
    stream = await LiveStream.open(port);
    await pause(WARM_UP_MS);
    lived = new Map(
      descendantsOf(process.pid).flatMap((pid) => (nameOf(pid) ? [[pid, { name: nameOf(pid), looks: [] }]] : [])),
    );
    began = performance.now();
  }, 240_000);
  afterAll(async () => {
    requests.stop();
    close();
    await stage.strike();
  });

  it(
    '1. goes on: every site that comes is served, and everything that was decided is as it must be',
    async () => {
      const end = began + MINUTES * 60_000;
      const looking = setInterval(() => lived.forEach(({ looks }, pid) => looks.push(usageOf(pid))), LOOK_EVERY_MS);
      try {
        while (performance.now() < end) {
          const next = performance.now() + VISIT_EVERY_MS;
          await playWhole(stage, `visit-${++visits}`);
          await pause(Math.max(0, Math.min(next, end) - performance.now()));
        }
      } finally {
        clearInterval(looking);
      }
    },
    (MINUTES + 10) * 60_000,
  );

  it('2. without a request that was not answered, and without a byte lost', async () => {
    expect(requests.problemsSince(began)).toEqual([]);
    const gap = requests.gapSince(began);
    const bytes = await stream.finish();
    process.stdout.write(
      `${visits} visits; no request waited for more than ${gap} ms; ${bytes} bytes on one connection\n`,
    );
  });

  it('3. without a process that ended, and none that holds more and more', () => {
    const rows = [...lived].map(([pid, { name, looks }]) => ({ pid, name, looks }));
    const line = ({ name, looks }: (typeof rows)[number]): string => {
      const of = (some: readonly Usage[]): string =>
        `${median(some.map(({ memoryMiB }) => memoryMiB)).toFixed(0)} MiB, ${median(some.map(({ openFiles }) => openFiles))} files`;
      const quarter = Math.floor(looks.length / 4);
      return `| ${name} | ${of(looks.slice(quarter, 2 * quarter))} | ${of(looks.slice(-quarter))} |`;
    };
    const table = ['| process | second quarter | last quarter |', '| --- | --- | --- |', ...rows.map(line)].join('\n');
    mkdirSync(join(workspaceRoot, '.caravan'), { recursive: true });
    writeFileSync(REPORT, `${table}\n`);
    process.stdout.write(`${table}\n`);
    expect(rows.length).toBeGreaterThanOrEqual(15);
    const now = new Set(descendantsOf(process.pid));
    expect(rows.filter(({ pid }) => !now.has(pid)).map(({ name }) => `${name} has ended`)).toEqual([]);
    const growth = rows.flatMap(({ name, looks }) =>
      grown(looks, roomOf(name, MINUTES)).map((what) => `${name}: ${what}`),
    );
    expect(growth).toEqual([]);
  });

  it('4. with projections that are what a rebuild makes', async () => {
    expect(await againstRebuild(stage)).toEqual([]);
  }, 120_000);

  it('5. what leaks would be seen', () => {
    const hour = (mebibytesAMinute: number, filesAMinute: number): Usage[] =>
      Array.from({ length: 60 }, (_, minute) => ({
        memoryMiB: 100 + minute * mebibytesAMinute,
        openFiles: 20 + Math.floor(minute * filesAMinute),
      }));
    const room = roomOf('relay', 60);
    const leaking = hour(0.3, 0.2); // 300 KiB and a fifth of a file a minute: with three visits and 1,200 requests
    expect(grown(leaking, room)).toEqual([expect.stringMatching(/^memoryMiB/), expect.stringMatching(/^openFiles/)]);
    // As much as was added in the recorded hours is no leak, nor are files that come and go.
    const breathing = hour(4 / 30, 0).map((look, n) => ({ ...look, openFiles: 20 + (n % 5) }));
    expect(grown(breathing, room)).toEqual([]);
    expect(grown(hour(6 / 30, 0), roomOf('nats-server', 60))).toEqual([]);
  });
});

/** Of what Caravan runs, and nats-server: PostgreSQL's processes come and go. */
function nameOf(pid: number): string {
  const command = commandLine(pid);
  const site = /sites\/([^/\s]+)/.exec(command)?.[1];
  const [app, program] = programOf(pid)?.split('/') ?? [];
  if (app) return [program === 'supervisor' ? program : app, site].filter(Boolean).join(' ');
  return /\/nats-server /.test(command) ? 'nats-server' : '';
}
