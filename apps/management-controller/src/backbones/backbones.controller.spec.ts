import { beforeEach, describe, expect, it } from 'vitest';
import { backboneNameStream, backboneStream } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { Deciders } from '../deciding/deciders.js';
import { BackboneNaming } from './backbone-naming.js';
import { BackbonesController } from './backbones.controller.js';

const call = <Call>(metadata: CommandMetadata, given: object): Call =>
  ({ params: {}, query: {}, metadata, idFor: (what: string) => derivedId(what, metadata.commandId), ...given }) as Call;
const request = (commandId: string, seconds = 0) =>
  commandMetadata({ commandId, now: new Date(Date.parse('2026-01-01T12:00:00.000Z') + seconds * 1000) });

describe('the name of a backbone, whoever renames it when', () => {
  let store: InMemoryEventStore;
  let naming: BackboneNaming;
  let controller: BackbonesController;
  beforeEach(() => {
    store = new InMemoryEventStore();
    const deciders = new Deciders(store);
    naming = new BackboneNaming(deciders, store);
    controller = new BackbonesController(deciders, naming, {} as never);
  });

  const create = (name: string, metadata = request(`create ${name}`)) =>
    controller.create(call(metadata, { body: { name } }));
  const idOf = (name: string) => derivedId('backbone', `create ${name}`);
  const rename = (backbone: string, name: string, metadata: CommandMetadata) =>
    controller.rename(call(metadata, { params: { backboneId: idOf(backbone) }, body: { name } }));
  const holders = async (...names: string[]) =>
    Promise.all(
      names.map(async (name) => {
        const last = (await store.read(backboneNameStream(name))).events.at(-1);
        return last?.type === 'BackboneNameReserved' ? (last.data as { backboneId: string }).backboneId : undefined;
      }),
    );
  const nameOf = async (backbone: string) => {
    const { events } = await store.read(backboneStream(idOf(backbone)));
    return (events.findLast(({ type }) => /Created|Renamed/.test(type))?.data as { name: string }).name;
  };

  it('frees the name that it had', async () => {
    await create('a');
    await rename('a', 'b', request('to b'));
    expect(await holders('a', 'b')).toEqual([undefined, idOf('a')]);
    await create('other', request('create other'));
    await rename('other', 'a', request('to a'));
    expect(await holders('a')).toEqual([idOf('other')]);
  });

  it('does not lose the name that it has when an older rename is sent again', async () => {
    await create('a');
    await rename('a', 'b', request('to b'));
    await rename('a', 'c', request('to c', 1));
    await rename('a', 'b', request('to b', 2));
    expect(await nameOf('a')).toBe('c');
    expect((await holders('c'))[0]).toBe(idOf('a'));
  });

  it('is not renamed by a request that another one overtook, nor freed of what that one took', async () => {
    await create('a');
    const overtaken: BackboneNaming = Object.assign(Object.create(naming) as BackboneNaming, {
      // Between its reservation and its rename, another request gives the name away and takes it back.
      reserve: async (...given: Parameters<BackboneNaming['reserve']>) => {
        await naming.reserve(...given);
        await rename('a', 'c', request('to c'));
      },
    });
    const slow = new BackbonesController(new Deciders(store), overtaken, {} as never);
    const params = { backboneId: idOf('a') };
    await expect(slow.rename(call(request('to b'), { params, body: { name: 'b' } }))).rejects.toMatchObject({
      code: 'backbone.renamed-meanwhile',
      details: { name: 'c' },
    });
    expect(await nameOf('a')).toBe('c');
    expect((await holders('c'))[0]).toBe(idOf('a'));
  });

  it('is kept when it is taken back before the rename that left it has released it', async () => {
    await create('a');
    const slow = new BackbonesController(
      new Deciders(store),
      Object.assign(Object.create(naming) as BackboneNaming, {
        release: async (...given: Parameters<BackboneNaming['release']>) => {
          await rename('a', 'a', request('back to a'));
          await naming.release(...given);
        },
      }),
      {} as never,
    );
    await slow.rename(call(request('to b'), { params: { backboneId: idOf('a') }, body: { name: 'b' } }));
    expect(await nameOf('a')).toBe('a');
    expect((await holders('a'))[0]).toBe(idOf('a'));
  });

  it('is not asked for again by a creation that is sent again when it is another’s by now', async () => {
    await create('a');
    await rename('a', 'b', request('to b'));
    await create('second', request('create second'));
    await rename('second', 'a', request('to a'));
    await create('a');
    expect(await holders('a', 'b')).toEqual([idOf('second'), idOf('a')]);
  });

  it('is free when it is deleted, whatever the lists still say', async () => {
    await create('a');
    await rename('a', 'b', request('to b'));
    await controller.delete(call(request('delete'), { params: { backboneId: idOf('a') } }));
    expect(await holders('a', 'b')).toEqual([undefined, undefined]);
  });

  it('is nobody’s when there is no such backbone', async () => {
    await expect(rename('nobody', 'b', request('to b'))).rejects.toMatchObject({ code: 'backbone.unknown' });
    expect(await holders('b')).toEqual([undefined]);
  });
});
