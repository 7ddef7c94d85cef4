import { describe, expect, it } from 'vitest';
import { DELETE_AFTER_SECONDS, RevocationRequested } from '@caravan/events';
import type { Event } from '@caravan/events';
import { id } from '../example.fixture.js';
import * as networks from '../networks/network.fixture.js';
import { Directory } from './directory.js';

const { backboneId, networkId } = networks;
const after = (...events: (Event & { at?: string })[]): Directory => {
  const directory = new Directory();
  for (const event of events) directory.apply(event);
  return directory;
};

describe('the directory', () => {
  it('knows a network’s window while the network exists', () => {
    const { startsAt, endsAt } = networks.networkTerms;
    expect(after(networks.created).networks.get(networkId)).toEqual({
      startsAt,
      endsAt,
      deleteAfterSeconds: DELETE_AFTER_SECONDS,
      certified: { startsAt, endsAt },
    });
    const later = networks.rescheduled(startsAt, '2027-01-01T00:00:00.000Z');
    const { networks: known } = after(networks.created, later, networks.suspended);
    expect(known.get(networkId)).toMatchObject({ endsAt: later.data.endsAt, suspended: true, certified: { endsAt } });
    expect(after(networks.created, networks.suspended, networks.resumed).networks.get(networkId)!.suspended).toBe(
      false,
    );
    expect(after(networks.created, networks.deleted).networks.size).toBe(0);
  });

  it('knows of a network that it is over until it is taken apart, and that until nothing is left', () => {
    const end = networks.ended('2026-01-02T00:00:00.000Z');
    const target = { kind: 'network', networkId, backboneId } as const;
    const revoked = RevocationRequested({
      ...{ revocationId: id('its end'), target, name: 'retail', reason: 'cessation-of-operation' },
    });
    const over = after(networks.created, { ...end, at: '2026-01-02T00:00:00.400Z' }, revoked);
    expect(over.networks.get(networkId)).toMatchObject({ endedAt: '2026-01-02T00:00:00.400Z' });
    for (const leaving of [[end, networks.deletionBegun], [networks.revoked]]) {
      const { networks: known, leaving: left } = after(networks.created, ...leaving);
      expect([known.size, [...left]]).toEqual([0, [networkId]]);
      expect(after(networks.created, ...leaving, networks.deleted).leaving.size).toBe(0);
    }
    expect(after(networks.created, revoked).networks.size).toBe(0);
  });
});
