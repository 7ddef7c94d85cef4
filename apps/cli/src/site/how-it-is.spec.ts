import { describe, expect, it } from 'vitest';
import type { LocalState } from '@caravan/api';
import { howItIs } from './how-it-is.js';

const NOW = new Date('2026-11-20T12:00:00.000Z');
const trouble = (code: string, agoMs = 60_000) => ({
  code,
  detail: 'In words.',
  since: new Date(NOW.getTime() - agoMs).toISOString(),
});
const joined = { step: 'joined', connected: true, relayConnected: true, revision: 12, appliedRevision: 12 };
const how = (more: Partial<LocalState> = {}) =>
  howItIs({ ...joined, troubles: [], ...more } as unknown as LocalState, NOW);

describe('a site', () => {
  it('is well while nothing is wrong, also while it applies what it was told', () => {
    expect(how()).toEqual({ status: 'well', words: 'well' });
    expect(how({ appliedRevision: 11 })).toEqual({ status: 'well', words: 'well; applying 12 (at 11)' });
  });

  it('is not well with any trouble, which its one line names', () => {
    expect(how({ troubles: [trouble('disk.full'), trouble('report.too-large')] })).toEqual({
      status: 'troubled',
      words: 'in trouble: disk.full, report.too-large',
    });
  });

  it.each<[string, Partial<LocalState>, string]>([
    ['is cut off', { connected: false, troubles: [trouble('management.away')] }, 'cut off from the management plane'],
    ['is cut off and more', { connected: false, troubles: [trouble('disk.full')] }, '; in trouble: disk.full'],
    ['has no relay', { relayConnected: false, troubles: [trouble('relay.unavailable')] }, 'its relay does not answer'],
    [
      'misses the relay that it had, from the first moment',
      { relayConnected: false, troubles: [trouble('relay.unavailable', 0)] },
      'its relay does not answer; nothing is carried',
    ],
    ['was removed', { troubles: [trouble('site.removed')] }, 'removed from its network; it carries nothing any more'],
    ['is over', { troubles: [trouble('network.ended')] }, 'its network has ended; it carries nothing any more'],
    ['joins in vain', { step: 'key-made', troubles: [trouble('link.unreachable')] }, 'in trouble: link.unreachable'],
  ])('that %s is troubled', (_, state, words) => {
    expect(how(state)).toEqual({ status: 'troubled', words: expect.stringContaining(words) });
  });

  it.each<[string, Partial<LocalState>, string]>([
    ['joins', { step: 'pending' }, 'joining (pending)'],
    [
      'waits for its network to start',
      { step: 'key-made', connected: false, troubles: [trouble('network.not-started')] },
      'joining (key-made), waiting: network.not-started',
    ],
    [
      'was started just now',
      { connected: false, troubles: [trouble('management.away', 1_000)] },
      'reaching the management plane',
    ],
    [
      'starts its relay',
      { relayConnected: false, appliedRevision: 0, troubles: [trouble('relay.unavailable', 1_000)] },
      'being started',
    ],
    ['starts its relay, before it was looked for', { relayConnected: false, appliedRevision: 0 }, 'being started'],
  ])('that %s waits, and is in no trouble', (_, state, words) => {
    expect(how(state)).toEqual({ status: 'waiting', words: expect.stringContaining(words) });
  });

  it('that was refused is neither', () => {
    expect(how({ step: 'refused', troubles: [trouble('invitation.expired')] }).status).toBe('refused');
  });
});
