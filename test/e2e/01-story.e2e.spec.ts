import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { apiClient, listMembers, listNetworks, revoke } from '@caravan/api';
import { eventually, portRange, workspaceRoot } from '@caravan/testing/installation';
import { LogFiles } from '@caravan/testing/servers';

/** `npm start -- --once --json` as a newcomer has it: on a machine where nothing is yet, and again where it all is. */

interface Document {
  ok: boolean;
  steps: { name: string; ok: boolean; ms: number }[];
  answer: { status: number; body: string } | null;
  path: { site: string; to: string; certificates: { subject: string; issuer: string }[] }[];
  versions: Record<string, string>;
}

/** Ports are remembered: nobody shall take them between two starts. */
const PORTS = ['--ports', `${portRange.first}-${portRange.last}`];

const play = (state: string) => start(state, '--once', '--json');

const start = (state: string, ...options: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const main = join(workspaceRoot, 'apps/launcher/dist/main.js');
    const child = spawn(process.execPath, [main, ...options, '--state', state, ...PORTS], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

async function told(state: string): Promise<Document> {
  const { code, stdout, stderr } = await play(state);
  if (code !== 0) throw new Error(`the story failed (exit ${code}):\n${stderr}`);
  return JSON.parse(stdout) as Document;
}

describe('the story', () => {
  const state = mkdtempSync(join(tmpdir(), 'caravan-story-'));
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  const expected = (document: Document) => {
    expect(document.ok).toBe(true);
    expect(document.answer?.status).toBe(200);
    expect(JSON.parse(document.answer?.body ?? '')).toMatchObject({
      from: 'hq',
      path: '/stock',
      stock: { quinces: 7 },
    });
    // From the store's relay over both backbone relays to the one at headquarters, and each link proved itself.
    expect(document.path.map(({ site, to }) => `${site} ${to}`)).toEqual([
      'store-1 link',
      'west link',
      'east link',
      'hq connector',
    ]);
    for (const { certificates } of document.path.slice(0, 3)) expect(certificates.length).toBeGreaterThan(0);
  };

  it('1. is played from nothing: two sites join by invitation, and a request crosses the network', async () => {
    expected(await told(state));
  }, 180_000);

  it('2. is played again on what the first left, and makes nothing twice', async () => {
    expected(await told(state));
  }, 180_000);

  it('3. is not played on a log that lost its end: it is said which service found what, where, and what to do', async () => {
    new LogFiles(join(state, 'nats', 'jetstream')).cut('last', 10);
    const began = performance.now();
    const { code, stdout, stderr } = await play(state);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Document).ok).toBe(false);
    // Whichever service is heard first: each has a witness.
    expect(stderr).toMatch(
      /log witness, seen by (management-controller|cert-service): degraded since .* \[log\.diverged\]/,
    );
    expect(stderr).toMatch(/nothing that can be read at position \d+.*try: restore the log .*docs\/reliability\.md/s);
    expect(stderr).toContain(`npm start -- --state ${state} --accept-log`);
    expect(stderr).not.toContain('backbone site east'); // whose minute of waiting would come before the reason
    expect(performance.now() - began).toBeLessThan(60_000);
  }, 180_000);

  it('4. is played again when somebody has accepted the log as it is', async () => {
    const look = await start(state, '--accept-log');
    expect(look).toMatchObject({ code: 0, stderr: '' });
    const call = /--accept-log (--sequence \d+ --hash \w+) --by/.exec(look.stdout)?.[1]?.split(' ') ?? [];
    expect(call).toHaveLength(4);

    const wrong = await start(state, '--accept-log', ...call.with(1, '1'), '--by', 'Ada', '--reason', 'a try');
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('not as it was given: look again') });

    const accepted = await start(state, '--accept-log', ...call, '--by', 'Ada', '--reason', 'its end is lost');
    expect(accepted).toMatchObject({ code: 0, stdout: expect.stringContaining('The log is accepted as it is.') });
    expected(await told(state));
    expect((await start(state, '--accept-log')).stdout).toContain('nothing to accept');
  }, 240_000);

  it('5. goes on without whom somebody revoked since, and says who that is', async () => {
    const main = join(workspaceRoot, 'apps/launcher/dist/main.js');
    const plane = spawn(process.execPath, [main, '--empty', '--state', state, ...PORTS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let words = '';
    plane.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()));
    await eventually('it runs', () => words.includes('Running until Ctrl-C'));
    const api = apiClient({
      url: /^ +API +(\S+)/m.exec(words)![1]!,
      token: readFileSync(join(state, 'secrets', 'bootstrap-token'), 'utf8').trim(),
    });
    const network = (await api.call(listNetworks, {})).items.find(({ name }) => name === 'retail')!;
    const params = { networkId: network.id };
    const store = (await api.call(listMembers, { params })).items.find(({ name }) => name.startsWith('store'))!;
    await api.call(revoke, { body: { kind: 'member', id: store.id, reason: 'key-compromise' } });
    plane.kill('SIGINT');
    await once(plane, 'close');

    const { code, stdout, stderr } = await play(state);
    const document = JSON.parse(stdout) as Document;
    expect({ code, ...document }).toMatchObject({ code: 0, ok: true, answer: null });
    expect(stderr).toMatch(/^ +store-1 does not come: /m);
    expect(stderr).not.toMatch(/(hq|east|west) does not come/);
  }, 240_000);
});
