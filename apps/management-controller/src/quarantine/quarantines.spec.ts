import { describe, expect, it } from 'vitest';
import { quarantineSubject } from '@caravan/events';
import type { NatsConnection } from '@nats-io/transport-node';
import { Quarantines } from './quarantines.js';

const entry = {
  reaction: 'cert-service-issuing',
  position: 7,
  stream: 'caravan.evt.x.y.z',
  reason: 'no ink',
  recordedAt: '2026-01-01T12:00:00.000Z',
};
const own = { ...entry, reaction: 'management-controller-opening', position: 3 };

/** Two services with these quarantines, or failures. */
function answering(answers: { readonly cert: unknown; readonly own: unknown }) {
  const asked: unknown[] = [];
  const request = async (subject: string, payload: string) => {
    const isCert = subject === quarantineSubject('cert-service');
    asked.push([isCert ? 'cert' : 'own', (JSON.parse(payload) as { command: string }).command]);
    const answer = isCert ? answers.cert : answers.own;
    if (answer instanceof Error) throw answer;
    return { json: () => answer };
  };
  return { asked, quarantines: new Quarantines({ request } as unknown as NatsConnection) };
}
const certItem = { service: 'cert-service', ...entry };

describe('the quarantines of all services', () => {
  it('are one list, by position', async () => {
    const { quarantines } = answering({ cert: { entries: [entry] }, own: { entries: [own] } });
    const items = [{ service: 'management-controller', ...own }, certItem];
    expect(await quarantines.list()).toEqual({ items, unknown: [] });
  });

  it('are shown as far as they are known', async () => {
    const { quarantines } = answering({ cert: new Error('timeout'), own: { entries: [own] } });
    expect(await quarantines.list()).toMatchObject({ items: [{ position: 3 }], unknown: ['cert-service'] });
    await expect(quarantines.find(entry)).rejects.toMatchObject({
      code: 'service.unavailable',
      details: { detail: expect.stringContaining('cert-service does not answer (timeout)') },
    });
  });

  it('are asked for one entry at the service whose reaction it is', async () => {
    const { quarantines, asked } = answering({ cert: { entries: [entry] }, own: { entries: [own] } });
    expect(await quarantines.find(entry)).toEqual(certItem);
    await quarantines.retry(certItem);
    await quarantines.release(certItem);
    expect(asked).toEqual([
      ['cert', 'list'],
      ['cert', 'retry'],
      ['cert', 'release'],
    ]);
  });

  it('have nothing else', async () => {
    const { quarantines } = answering({ cert: { entries: [entry] }, own: { entries: [] } });
    for (const other of [{ ...entry, position: 8 }, { ...entry, reaction: 'relay-x' }, own]) {
      await expect(quarantines.find(other)).rejects.toMatchObject({ code: 'quarantine.unknown' });
    }
  });

  it('say why an entry failed again', async () => {
    const error = { code: 'quarantine.retry-failed', detail: 'it failed again: no ink', retry: 'never' };
    const { quarantines } = answering({ cert: { error }, own: { entries: [] } });
    await expect(quarantines.retry(certItem)).rejects.toMatchObject({
      code: 'quarantine.retry-failed',
      details: { detail: 'it failed again: no ink' },
    });
  });
});
