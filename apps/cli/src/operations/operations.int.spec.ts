import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeApi, TOKEN } from '../fakes/fake-api.fixture.js';
import { Shell } from '../fakes/shell.fixture.js';

describe('looking after the log', () => {
  const api = new FakeApi();
  const shell = new Shell();
  beforeAll(async () => {
    shell.env = { CARAVAN_URL: await api.start(), CARAVAN_TOKEN: TOKEN };
  });
  afterAll(async () => {
    await api.stop();
    shell.remove();
  });
  const caravan = (...args: string[]) => shell.here(args);
  const sent = () => api.seen.at(-1);

  it('shows an entry, what is wrong with it, and what was decided', async () => {
    const { code, stdout } = await caravan('log', 'show', '7');
    expect(code).toBe(0);
    expect(stdout).toContain('Position 7 of the log, on caravan.evt.trust.certificate.x: it cannot be read: not JSON');
    expect(stdout).toContain('not passed over');
    expect(stdout).toContain('  garbage\n');
    expect(JSON.parse((await caravan('log', 'show', '7', '-o', 'json')).stdout)).toMatchObject({ position: 7 });
  });

  it('passes an entry over, for a reason', async () => {
    const ended = await caravan('log', 'pass-over', '7', '--reason', 'a faulty script');
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Position 7 is passed over') });
    expect(sent()).toMatchObject({
      route: 'passOverLogEntry',
      body: { position: 7, reason: 'a faulty script', evenNewer: false },
      idempotencyKey: expect.any(String),
    });
    await caravan('log', 'pass-over', '7', '--reason', 'a faulty script', '--even-newer');
    expect(sent()?.body).toMatchObject({ evenNewer: true });
    for (const args of [['7'], ['seven', '--reason', 'x'], ['0', '--reason', 'x']]) {
      expect(await caravan('log', 'pass-over', ...args)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('lists what was put aside, and says whose list is missing', async () => {
    const { code, stdout, stderr } = await caravan('quarantine', 'list');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'ID                      STREAM                           SINCE                 REASON',
        'cert-service-issuing@7  caravan.evt.trust.certificate.x  2026-11-20 10:00:00Z  no ink',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('management-controller did not answer');
    expect((await caravan('quarantine', 'list', '-o', 'name')).stdout).toBe('cert-service-issuing@7\n');
  });

  it('has it handled again, or discards it for a reason', async () => {
    expect(await caravan('quarantine', 'retry', 'cert-service-issuing@7')).toMatchObject({ code: 0 });
    expect(sent()).toMatchObject({
      route: 'retryQuarantined',
      body: { reaction: 'cert-service-issuing', position: 7 },
    });
    const discard = ['quarantine', 'discard', 'cert-service-issuing@7'];
    expect(await caravan(...discard, '--reason', 'its network is gone')).toMatchObject({ code: 0 });
    expect(sent()).toMatchObject({ route: 'discardQuarantined', body: { reason: 'its network is gone' } });
    expect(await caravan(...discard)).toMatchObject({ code: 2 });
    expect(await caravan('quarantine', 'retry', 'seven')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('try: caravan quarantine list'),
    });
  });
});
