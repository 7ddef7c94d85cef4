import { describe, expect, it } from 'vitest';
import { shipped, source } from './code/workspace.js';
import { CONSUMER_ROOM, consumersIn, exportedFollowers, KINDS, READERS } from './consumers.js';

const planted = (text: string) => consumersIn(source('apps/relay/src/planted.ts', text));

describe('consumers of the log', () => {
  const room = shipped().filter(({ path }) => path.startsWith(CONSUMER_ROOM));
  const index = room.find(({ path }) => path === `${CONSUMER_ROOM}index.ts`)!;

  it('are made in one room', () => {
    const others = shipped().filter(({ path }) => !path.startsWith(CONSUMER_ROOM));
    expect(room.flatMap(consumersIn).length).toBeGreaterThan(0);
    expect(others.flatMap(consumersIn)).toEqual([]);
  });

  it('are of exactly three kinds: projection, fold, reaction', () => {
    expect(KINDS).toHaveLength(3);
    expect(exportedFollowers(index, room)).toEqual([...KINDS, ...READERS].sort());
  });

  it.each([
    ['a consumer that is added', 'await manager.consumers.add("LOG", { durable_name: "mine" });'],
    ['a consumer that is fetched', 'const c = await jetstream(nc).consumers.get("LOG");'],
    ['consumers taken apart', 'const { consumers } = await jetstreamManager(nc);'],
    ['consumers by another name', 'const { consumers: mine } = await jetstreamManager(nc);'],
    ['the policy that a consumer needs', `import { AckPolicy } from '@nats-io/jetstream';`],
    ['what the kinds are made of', `import { feedLog } from '@caravan/event-store/jetstream';`],
    ['the raw API', 'await nc.request("$JS.API.CONSUMER.CREATE.LOG");'],
    ['the raw API of another domain', 'await nc.request(`JS.site.API.CONSUMER.CREATE.LOG`);'],
  ])('are found when there is %s elsewhere', (_, text) => {
    expect(planted(text).length).toBeGreaterThan(0);
  });

  it('are not what only sounds like them', () => {
    expect(planted('class A { #consumers = []; stop() { return this.#consumers; } } // consumers.add')).toEqual([]);
  });

  it('of a fourth kind are found', () => {
    const fourth = source(`${CONSUMER_ROOM}tail.ts`, `import { feedLog } from './log-feed.js'; export class Tail {}`);
    const more = source(index.path, `${index.text}\nexport { Tail } from './tail.js';`);
    expect(exportedFollowers(more, [...room, fourth])).toContain('Tail');
  });
});
