import { describe, expect, it } from 'vitest';
import type { SiteEndpoint } from '@caravan/api';
import { isOpen, patienceAfter, settled } from './settled.js';

const at = { address: 'inventory', host: '127.0.0.1', port: 9000, tls: null };
const asked = { id: '1', ...at, state: 'unknown', detail: null } as const;
const patience = { forMs: 150, quietMs: 20, pollMs: 5 };

const wait = async (look: () => Promise<SiteEndpoint | undefined>) => {
  const said: string[] = [];
  const notice = { err: (text: string) => void said.push(text) };
  const startedAt = performance.now();
  const item = await settled({ where: 'at the site in /shop', look }, asked, notice, patience);
  return { item, said, tookMs: performance.now() - startedAt };
};

describe('waiting for an endpoint', () => {
  it('ends when it is done, and says nothing of what comes soon', async () => {
    const looks = [undefined, { ...asked, state: 'waiting' }, { ...asked, state: 'applied' }] as const;
    let at = 0;
    const where = 'at the site in /shop';
    const notice = { err: () => expect('a word').toBe('said') };
    const look = () => Promise.resolve(looks[at++]);
    expect(await settled({ where, look }, asked, notice, { ...patience, forMs: 60_000, quietMs: 60_000 })).toBe(
      looks[2],
    );
  });

  it.each([
    ['nothing comes of it', () => Promise.resolve(undefined)],
    ['no look is answered', () => new Promise<undefined>(() => undefined)],
  ])('ends in its time when %s, and has said once for what it waits', async (_, look) => {
    const { item, said, tookMs } = await wait(look);
    expect(isOpen(item)).toBe(true);
    expect(said).toEqual(['Decided; waiting for it to be done at the site in /shop, about 0.15 s at most …\n']);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('lasts as long as the answer to the question left of its time, and some seconds at least', () => {
    expect([20, 5_020, 12_000, 30_000].map((askedMs) => patienceAfter(askedMs).forMs)).toEqual([
      15_000, 10_000, 5_000, 5_000,
    ]);
  });

  it('is not begun where nobody can tell', async () => {
    expect(await settled({ where: 'at member hq' }, asked, undefined, patience)).toBe(asked);
  });
});
