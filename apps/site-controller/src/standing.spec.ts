import { describe, expect, it } from 'vitest';
import type { ItemState } from '@caravan/data-plane';
import { silentLog } from './log.js';
import type { Site } from './joining/index.js';
import type { SiteState } from './site-state.js';
import { Standing } from './standing.js';
import { Troubles } from './troubles.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const down = (distrust?: ItemState['distrust']): ItemState => ({
  state: 'waiting',
  detail: `${distrust ?? 'nobody'} there`,
  ...(distrust && { distrust }),
});

/** What a joined site says of itself after so many seconds in which its links were so. */
function said(links: Record<string, ItemState>, { role = 'member', connected = false, seconds = 10 } = {}) {
  const troubles = new Troubles();
  const items = Object.keys(links).map((id) => ({ kind: 'link', id }));
  const state = {
    journal: { joining: { status: 'joined', site: { role } as Site } },
    certificates: { get: () => undefined },
    desired: { state: { revision: 1 }, understood: { items } },
  } as unknown as SiteState;
  const observed = () => ({
    items: Object.fromEntries(Object.entries(links).map(([id, each]) => [`link/${id}`, each])),
    links: [],
  });
  const standing = new Standing({ state, troubles, log: silentLog, observed });
  for (let second = 0; second <= seconds; second++) standing.look(connected, new Date(START + second * 1_000));
  return troubles.list().filter(({ code }) => code !== 'site.removed');
}

describe('a site that nobody lets in', () => {
  it('says that others came into use while it was away, and what to do', () => {
    const [trouble, ...more] = said({ a: down('ours'), b: down('theirs') });
    expect(more).toEqual([]);
    expect(trouble).toMatchObject({ code: 'site.left-behind' });
    expect(trouble!.detail).toContain(
      '(ours there). Stop this site, ask whoever invited it for an invitation, and join',
    );
    expect(said({ a: down('ours') }, { role: 'backbone' })[0]!.detail).toContain('another bundle');
  });

  it('says that it may have been removed, or left behind, where only the others can tell', () => {
    expect(said({ a: down('theirs') })).toMatchObject([
      {
        code: 'site.not-let-in',
        detail: expect.stringMatching(
          /just now, which ends by itself, or this site was removed or revoked, or other .*Should it stay so, ask/,
        ),
      },
    ]);
  });

  it.each<[string, ReturnType<typeof said>]>([
    ['it is connected', said({ a: down('ours') }, { connected: true })],
    ['a link is down for another reason', said({ a: down('ours'), b: down() })],
    ['a link is up', said({ a: down('ours'), b: { state: 'applied' } })],
    ['it dials nobody', said({})],
    ['it has just begun: a relay that ends cuts connections too', said({ a: down('theirs') }, { seconds: 4 })],
  ])('says nothing of it while %s', (_, troubles) => {
    expect(troubles).toEqual([]);
  });
});
