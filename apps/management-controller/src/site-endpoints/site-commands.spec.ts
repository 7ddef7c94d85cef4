import { beforeEach, describe, expect, it } from 'vitest';
import { memberStream } from '@caravan/events';
import type { SiteCommandReply } from '@caravan/events';
import type { InMemoryEventStore } from '@caravan/event-store';
import { protocolErrorOf } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import type { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { admission, here } from '../members/member.fixture.js';
import { SiteCommandsController } from './site-commands.controller.js';
import { ground } from './site-endpoint.fixture.js';

const [memberId, otherId] = [id('hq'), id('shop')];
const start = Date.parse('2026-01-01T12:00:00.000Z');

describe('a site that leaves', () => {
  it('is removed with all that it has, by itself and nobody else, and hears that once', async () => {
    const { directory, current, store, deciders } = ground();
    for (const each of [memberId, otherId]) {
      const admitted = { ...admission, memberId: each };
      directory.members.set(each, { ...admitted, accessPoints: [], linkCertificates: [] });
      await deciders.member({ type: 'AdmitMember', memberId: each, admission: admitted, metadata: commandMetadata() });
    }
    const controller = new SiteCommandsController(deciders, current, { now: () => new Date(start) });
    const asked = { capability: 10, commandId: 'bye' } as const;
    const endpoint = { address: 'till', host: '127.0.0.1', port: 5000 };
    await controller.command(memberId, { ...asked, commandId: 'open', command: 'open-listener', ...endpoint });
    const left = await controller.command(memberId, { ...asked, command: 'leave' });
    expect(left).toEqual({ position: store.position, id: memberId });
    const { events } = await store.read(memberStream(memberId));
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['ListenerClosed', 'MemberRemoved']);
    expect(events.at(-1)!.metadata.actor).toEqual({ kind: 'member', id: memberId });
    expect(await controller.command(memberId, { ...asked, command: 'leave' })).toEqual(left);
    expect((await store.read(memberStream(otherId))).events).toHaveLength(1);
  });
});

describe('a site that opens and closes without end', () => {
  let store: InMemoryEventStore;
  let controller: SiteCommandsController;
  let deciders: Deciders;
  let now: Date;

  beforeEach(async () => {
    const { directory, current, ...rest } = ground();
    ({ store, deciders } = rest);
    now = new Date(start);
    for (const each of [memberId, otherId]) {
      const admitted = { ...admission, memberId: each };
      directory.members.set(each, { ...admitted, accessPoints: [], linkCertificates: [] });
      await deciders.member({ type: 'AdmitMember', memberId: each, admission: admitted, metadata: commandMetadata() });
    }
    controller = new SiteCommandsController(deciders, current, { now: () => now });
  });

  const open = (site: string, commandId: string): Promise<SiteCommandReply> => {
    const endpoint = { address: 'till', host: '127.0.0.1', port: 5000 };
    return controller.command(site, { capability: 2, commandId, command: 'open-listener', ...endpoint });
  };
  const close = (site: string, commandId: string, listenerId: string): Promise<SiteCommandReply> =>
    controller.command(site, { capability: 2, commandId, command: 'close-listener', listenerId });
  /** So many writes. */
  async function flood(site: string, writes: number): Promise<void> {
    for (let turn = 0; turn < writes / 2; turn++) {
      const { id: listenerId } = await open(site, `open ${turn}`);
      await close(site, `close ${turn}`, listenerId);
    }
  }
  const written = async (site: string): Promise<number> => (await store.read(memberStream(site))).events.length;

  it('may do so a hundred times over, and is then told to come later', async () => {
    await flood(memberId, 120);
    const before = await written(memberId);
    const refused: unknown = await open(memberId, 'one more').catch((error: unknown) => error);
    expect(protocolErrorOf(refused)).toMatchObject({
      error: { code: 'site.too-fast', retry: 'later', details: { retryAfterMs: 500 } },
    });
    expect(await written(memberId)).toBe(before);
    now = new Date(start + 500);
    expect(await open(memberId, 'one more')).toMatchObject({ position: store.position });
  });

  it('stands in nobody’s way but its own', async () => {
    await flood(memberId, 120);
    expect(await open(otherId, 'first')).toMatchObject({ position: store.position });
    const metadata = commandMetadata({ now }); // the operator's
    await deciders.member({ type: 'OpenListener', memberId, listenerId: id('till'), ...here, metadata });
    expect(await written(memberId)).toBe(122);
  });

  it('hears again what was decided, and what is refused in any case, for nothing', async () => {
    await flood(memberId, 120);
    expect(await open(memberId, 'open 0')).toEqual(await open(memberId, 'open 0'));
    await expect(close(memberId, 'none', id('none'))).rejects.toMatchObject({ code: 'listener.unknown' });
    await expect(open(memberId, 'one more')).rejects.toMatchObject({ code: 'site.too-fast' });
  });
});
