import { beforeEach, describe, expect, it } from 'vitest';
import { backboneNameStream } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { BackboneNaming } from './backbone-naming.js';

const start = Date.parse('2026-01-01T12:00:00.000Z');
const after = (seconds: number) => commandMetadata({ now: new Date(start + seconds * 1000) });

describe('reserving the name of a backbone', () => {
  let store: InMemoryEventStore;
  let deciders: Deciders;
  let naming: BackboneNaming;
  beforeEach(() => {
    store = new InMemoryEventStore();
    deciders = new Deciders(store);
    naming = new BackboneNaming(deciders, store);
  });

  const create = (name: string) =>
    deciders.backbone({ type: 'CreateBackbone', backboneId: id(name), name: 'demo', metadata: after(0) });
  const holder = async () =>
    ((await store.read(backboneNameStream('demo'))).events.at(-1)?.data as { backboneId: string }).backboneId;

  it('is refused while a backbone has it, however long ago that was', async () => {
    await naming.reserve('demo', id('first'), after(0));
    await create('first');
    await expect(naming.reserve('demo', id('second'), after(100_000))).rejects.toMatchObject({
      code: 'backbone.name-taken',
      details: { name: 'demo' },
    });
  });

  it('does not tell who has it', async () => {
    await naming.reserve('demo', id('first'), after(0));
    const refused: unknown = await naming.reserve('demo', id('second'), after(1)).catch((error: unknown) => error);
    expect(JSON.stringify(refused)).not.toContain(id('first'));
  });

  it('waits for a request that may still be under way', async () => {
    await naming.reserve('demo', id('first'), after(0));
    await expect(naming.reserve('demo', id('second'), after(59))).rejects.toMatchObject({
      code: 'backbone.name-taken',
    });
  });

  it('takes over what a crash left behind', async () => {
    await naming.reserve('demo', id('first'), after(0));
    await naming.reserve('demo', id('second'), after(61));
    expect(await holder()).toBe(id('second'));
  });

  it('takes over what a backbone forgot to release that was renamed or deleted', async () => {
    await naming.reserve('demo', id('first'), after(0));
    await create('first');
    await deciders.backbone({ type: 'RenameBackbone', backboneId: id('first'), name: 'prod', metadata: after(1) });
    await naming.reserve('demo', id('second'), after(61));
    expect(await holder()).toBe(id('second'));

    await create('second');
    await deciders.backbone({ type: 'DeleteBackbone', backboneId: id('second'), metadata: after(62) });
    await naming.reserve('demo', id('third'), after(200));
    expect(await holder()).toBe(id('third'));
  });

  it('takes over the name of what was deleted at once', async () => {
    await naming.reserve('demo', id('first'), after(0));
    await create('first');
    await deciders.backbone({ type: 'DeleteBackbone', backboneId: id('first'), metadata: after(1) });
    await naming.reserve('demo', id('second'), after(2));
    expect(await holder()).toBe(id('second'));
  });

  it('is asked anew by a request that is sent again: its reservation may be gone', async () => {
    const request = after(0);
    await naming.reserve('demo', id('first'), request);
    await naming.reserve('demo', id('second'), after(61)); // the first was left behind
    await expect(naming.reserve('demo', id('first'), request)).rejects.toMatchObject({ code: 'backbone.name-taken' });
    expect(await holder()).toBe(id('second'));
  });

  it('gives one name to one of two that ask at once', async () => {
    const outcomes = await Promise.allSettled(
      ['first', 'second'].map((name) => naming.reserve('demo', id(name), after(0))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
