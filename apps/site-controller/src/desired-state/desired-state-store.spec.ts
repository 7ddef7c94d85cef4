import { describe, expect, it } from 'vitest';
import type { SealedFiles } from '../site-directory/index.js';
import { DesiredStateStore } from './desired-state-store.js';
import { nothingDesired } from './desired-state.js';
import type { DesiredState } from './desired-state.js';

const files = { read: async () => undefined, write: async () => undefined } as unknown as SealedFiles;
const at = (revision: number, entries: DesiredState['entries']): DesiredState => ({
  ...nothingDesired,
  revision,
  entries,
});

describe('how far a site is that acted on what was desired', () => {
  it('is where it acted, and moves on with what changes nothing for it', async () => {
    const store = await DesiredStateStore.open(files);
    const entries: DesiredState['entries'] = new Map();
    await store.keep(at(10, entries));
    expect(store.reachedWith(0)).toBe(0);
    expect(store.reachedWith(10)).toBe(10);
    await store.keep(at(17, entries));
    expect(store.reachedWith(10)).toBe(17);
    await store.keep(at(18, new Map(entries)));
    expect(store.reachedWith(10)).toBe(10);
    expect(store.reachedWith(18)).toBe(18);
  });
});
