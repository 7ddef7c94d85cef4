import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { observationSchema } from '@caravan/data-plane';
import type { ListenerItem } from '@caravan/data-plane';
import { eventually, freePort, whileFrozen } from '@caravan/testing';
import { isOpen } from '@caravan/testing/data-plane';
import { MANAGEMENT_ID, NETWORK_ID } from '../site.fixture.js';
import { pidOf, stateOf, Supervised } from './supervised.fixture.js';

const LISTENER = {
  kind: 'listener',
  id: 'l1',
  networkId: NETWORK_ID,
  address: 'inventory',
  host: '127.0.0.1',
} as const;

const filesWith = (dir: string, text: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file, 'latin1').includes(text));
const supervised = new Supervised();
const { running } = supervised;

describe('the processes of a site', () => {
  it('miss a relay that stands still, say so, and make it what it shall be when it goes on', async () => {
    const dir = supervised.dir();
    const [first, second] = [
      { ...LISTENER, port: await freePort() },
      { ...LISTENER, id: 'l2', port: await freePort() },
    ];
    supervised.plane.items = [first];
    const { pids } = await running(dir);
    const reported = (item: ListenerItem) => {
      const { items } = observationSchema.parse(supervised.plane.reports.at(-1)?.observation);
      return items[`listener/${item.id}`];
    };
    const isWell = (item: ListenerItem) => eventually('it is well', () => reported(item)?.state === 'applied');
    await isWell(first);
    const before = pids();
    await whileFrozen([before[0]], async () => {
      await supervised.plane.desire(MANAGEMENT_ID, [second]);
      await eventually('it is missed', () => reported(second)?.detail?.includes('away'), { withinMs: 60_000 });
      expect(reported(second)).toEqual({ state: 'waiting', detail: 'the relay of this site is away' });
      const { relayConnected, troubles } = await stateOf(dir);
      expect({ relayConnected, troubles }).toEqual({
        relayConnected: false,
        troubles: [
          expect.objectContaining({ code: 'relay.unavailable', detail: expect.stringContaining('said nothing') }),
        ],
      });
    });
    await isWell(second);
    expect([await isOpen(first.port), await isOpen(second.port)]).toEqual([false, true]);
    expect(await stateOf(dir)).toMatchObject({ relayConnected: true, troubles: [] });
    expect(pids()).toEqual(before);
  }, 120_000);

  describe('when the relay is killed while the site-controller is stopped in its tracks', () => {
    const logged = (dir: string): number =>
      readFileSync(join(dir, 'logs/relay.log'), 'utf8').split('has handed over the last configuration').length - 1;
    const opens = ({ port }: ListenerItem) => eventually(`port ${port} is open`, () => isOpen(port));
    const closes = ({ port }: ListenerItem) => eventually(`port ${port} is closed`, async () => !(await isOpen(port)));

    it('the supervisor hands over what the relay was, and nothing of what was taken from it before', async () => {
      const dir = supervised.dir();
      const listener = { ...LISTENER, port: await freePort() };
      supervised.plane.items = [listener];
      const { supervisor, pids } = await running(dir);
      await opens(listener);
      const [relay, controller] = pids();
      await whileFrozen([controller], async () => {
        process.kill(relay, 'SIGKILL');
        await eventually('handed over 1 times', () => logged(dir) === 1);
        await opens(listener);
      });
      await supervised.plane.desire(MANAGEMENT_ID, []);
      await closes(listener);
      await whileFrozen([controller], async () => {
        process.kill(pidOf(supervisor, 'relay'), 'SIGKILL');
        await eventually('handed over 2 times', () => logged(dir) === 2);
        expect(await isOpen(listener.port)).toBe(false);
      });
    });

    it('keeps it in memory alone', async () => {
      const dir = supervised.dir();
      const listener = { ...LISTENER, port: await freePort() };
      supervised.plane.items = [listener];
      const { supervisor, pids } = await running(dir);
      await opens(listener);
      const found = (): string[] => filesWith(dir, JSON.stringify(listener));
      // The negative control: what looks for it on the disk would find it.
      writeFileSync(join(dir, 'example'), JSON.stringify({ listeners: [listener] }));
      expect(found()).toEqual([join(dir, 'example')]);
      rmSync(join(dir, 'example'));
      process.kill(pids()[0], 'SIGKILL');
      await eventually('handed over 1 times', () => logged(dir) === 1);
      expect(found()).toEqual([]);
      supervisor.process.kill('SIGTERM');
      await supervisor.exited;
      expect(found()).toEqual([]);
    });
  });
});
