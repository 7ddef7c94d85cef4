import { describe, expect, it } from 'vitest';
import type { Part } from '@caravan/api';
import { listsWithin, withLists } from './lists.js';

const AT = '2026-01-01T12:00:00.000Z';
const part = (service: string, name: string, changes: Partial<Part> = {}): Part => ({
  service,
  name,
  status: 'ok',
  detail: 'fine',
  since: null,
  remedy: null,
  code: null,
  ...changes,
});
const parts = [part('management-controller', 'nats'), part('management-controller', 'postgres')];
const unread = { status: 'unread', why: 'no answer' } as const;

describe('what the lists hold', () => {
  it('is told, and nothing is wrong then', async () => {
    const lists = await listsWithin(1_000, Promise.resolve({ networks: 2 }));
    expect(lists).toEqual({ status: 'counted', counts: { networks: 2 } });
    expect(withLists(parts, 'management-controller', lists, AT)).toEqual(parts);
  });

  it('cannot be read where PostgreSQL refuses or is late, and that is said without an error', async () => {
    const refused = Promise.reject(Object.assign(new Error('connect 10.0.0.7'), { code: 'ECONNREFUSED' }));
    expect(await listsWithin(1_000, refused)).toEqual({
      status: 'unread',
      why: 'there is no connection to PostgreSQL: the lists cannot be read',
    });
    expect(await listsWithin(1_000, Promise.reject(new Error('no such table')))).toEqual({
      status: 'unread',
      why: 'the lists cannot be read: no such table',
    });
    expect(await listsWithin(1, new Promise(() => undefined))).toMatchObject({
      status: 'unread',
      why: expect.stringContaining('PostgreSQL has not answered'),
    });
  });

  it('is not unknown and all well at once: PostgreSQL is not, though nobody has noticed yet', () => {
    const [nats, postgres] = withLists(
      [...parts, part('cert-service', 'postgres')],
      'management-controller',
      unread,
      AT,
    );
    expect(nats).toEqual(parts[0]);
    expect(postgres).toMatchObject({ status: 'away', detail: 'no answer', since: AT, code: 'database.away' });
    expect(withLists([], 'management-controller', unread, AT)).toMatchObject([{ name: 'postgres', status: 'away' }]);
  });

  it('says nothing of the PostgreSQL of others, nor other words of what was noticed before', () => {
    const noticed = part('management-controller', 'postgres', { status: 'away', detail: 'gone', since: 'before' });
    const others = part('cert-service', 'postgres');
    expect(withLists([noticed, others], 'management-controller', unread, AT)).toEqual([noticed, others]);
  });
});
