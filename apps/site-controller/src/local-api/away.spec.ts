import { describe, expect, it } from 'vitest';
import type { Observation } from '@caravan/data-plane';
import type { Joining, Origin } from '../joining/index.js';
import { awayInWords } from './away.js';

const origin: Origin = {
  role: 'member',
  installation: 'test',
  control: { serverName: 'caravan.control', trust: [], direct: null },
  sourceId: 'i',
  asOf: 0,
  network: { id: 'n', name: 'retail' },
  backbone: null,
};

describe('why the management plane is away from a site that joins', () => {
  const asks: Joining = { status: 'key-made', origin };
  const waiting = (detail?: string) => ({ state: 'waiting', ...(detail !== undefined && { detail }) }) as const;
  const seen = (items: Observation['items'], links: Observation['links'] = []): Observation => ({ items, links });
  const up: Observation['links'][number] = {
    id: 'b',
    direction: 'dialled',
    access: 'claim',
    peerIdentity: null,
    peerChain: [],
    since: '2026-01-01T00:00:00Z',
    streams: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
  const items = {
    'link/a': waiting('127.0.0.1:1: nothing listens there (ECONNREFUSED)'),
    'link/b': { state: 'applied' },
    'listener/c': waiting('starting to listen'),
  } as const;

  it('is what keeps its links from being up', () => {
    expect(awayInWords('nobody offers it', asks, seen(items))).toBe(
      'no link of this site is up, and so no way leads to the management plane: 127.0.0.1:1: nothing listens there (ECONNREFUSED)',
    );
  });

  it('is what was said where one is up, and what keeps the others', () => {
    expect(awayInWords('nobody offers it', asks, seen(items, [up]))).toBe(
      'nobody offers it; a link that this site dials is not up: 127.0.0.1:1: nothing listens there (ECONNREFUSED)',
    );
  });

  it('is bounded, however many links there are and whatever is said of them', () => {
    const many = Array.from({ length: 50 }, (_, at) => [`link/${at}`, waiting(`${at}: ${'x'.repeat(900)}`)]);
    const words = awayInWords('away', asks, seen(Object.fromEntries(many) as Observation['items']));
    expect(words).toMatch(/: 0: x+, 1: x+, 2: x+ and 47 more$/);
    expect(words.length).toBeLessThan(800);
  });

  it('is what was said where no link says why, or nothing is known of them, or it has joined', () => {
    expect(awayInWords('away', asks, seen({ 'link/a': waiting() }))).toBe('away');
    expect(awayInWords('away', asks, undefined)).toBe('away');
    const joined: Joining = { status: 'joined', site: { ...origin, siteId: 's', name: 'hq' } };
    expect(awayInWords('away', joined, seen(items))).toBe('away');
  });
});
