import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import { KNOWS_WINDOWS } from '@caravan/events';
import type { RecordedEvent, StreamWaiter } from '@caravan/event-store';
import { issued } from '../certificates/certificate.fixture.js';
import { Issuing } from '../certificates/issuing.js';
import { answering } from '../desired-state/desired-state.fixture.js';
import { id } from '../example.fixture.js';
import { JoinReplies } from './join-replies.js';

const admission = (name: string, from?: string): Item => ({
  kind: 'admission',
  id: name,
  access: 'claim',
  serverName: `${name}.claim.caravan.internal`,
  trust: ['-----BEGIN CERTIFICATE-----'],
  identity: `spiffe://acme/network/${name}/claim/*`,
  denied: [],
  reach: { kind: 'control' },
  ...(from !== undefined && { window: { from } }),
});
const now = new Date('2026-01-01T12:00:00.000Z');
const items = [
  admission('peer'),
  admission('on', '2025-01-01T00:00:00Z'),
  admission('to-come', '2027-01-01T00:00:00Z'),
];

describe('what a site is told that was admitted', () => {
  const certificateId = id('certificate');
  const waiter: StreamWaiter = {
    waitForStream: async (_, satisfied) =>
      satisfied([{ ...issued(certificateId), position: 9 } as unknown as RecordedEvent]),
  };
  const { desiredState } = answering({ revision: 9, items });
  const replies = new JoinReplies(new Issuing(waiter), desiredState, { now: () => now });
  const site = { siteId: id('north'), name: 'north', networkId: null, certificateId };

  it('is every item, with its window, when it knows what that is', async () => {
    const reply = await replies.of(site, KNOWS_WINDOWS);
    expect(reply).toMatchObject({ status: 'admitted', ...site, items });
  });

  it('is no window otherwise, and nothing that is not open now', async () => {
    const reply = await replies.of(site, KNOWS_WINDOWS - 1);
    expect(reply).toMatchObject({ status: 'admitted', items: [{ id: 'peer' }, { id: 'on' }] });
    expect(JSON.stringify(reply)).not.toContain('window');
  });
});
