import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '@caravan/event-store';
import type { Log } from '@caravan/platform';
import { formatIdentity } from '@caravan/pki';
import type { NatsConnection } from '@nats-io/transport-node';
import { Directory } from '../directory/directory.js';
import { endsBetween, Kicking } from './kicking.js';
import { NatsServers } from './nats-servers.js';
import { lasting } from '../networks/network.fixture.js';

const at = (time: string): number => Date.parse(`2026-01-01T${time}Z`);
const ending = (time: string | null) =>
  lasting('2025-01-01T00:00:00.000Z', time === null ? null : `2026-01-01T${time}Z`);

describe('a network that ends between two looks', () => {
  it('is noticed at its end and not a millisecond before', () => {
    expect(endsBetween([ending('12:00:00.000')], at('11:00:00.000'), at('11:59:59.999'))).toBe(false);
    expect(endsBetween([ending('12:00:00.000')], at('11:00:00.000'), at('12:00:00.000'))).toBe(true);
  });

  it('is noticed once, among any number that do not', () => {
    const networks = [ending(null), ending('09:00:00.000'), ending('12:00:00.000'), ending('23:00:00.000')];
    expect(endsBetween(networks, at('11:59:59.000'), at('12:00:09.000'))).toBe(true);
    expect(endsBetween(networks, at('12:00:09.000'), at('12:00:19.000'))).toBe(false);
  });
});

describe('who is connected when a network ends', () => {
  const installation = 'acme';
  const names = {
    1: formatIdentity({ kind: 'member', installation, networkId: 'fair', memberId: 'm1' }),
    2: formatIdentity({ kind: 'claim', installation, networkId: 'fair', invitationId: 'i1' }),
    3: formatIdentity({ kind: 'member', installation, networkId: 'market', memberId: 'm2' }),
    4: formatIdentity({ kind: 'backbone-site', installation, backboneId: 'b1', siteId: 's1' }),
  };
  let now: number;
  let looks: number;
  let serverIs: 'well' | 'away' | 'silent' | 'uncounted';
  /** The others of its cluster: what they are, and whether they say who is connected. */
  let others: { id: string; answers: boolean; connections: object[] }[];
  const kicked: number[] = [];
  const warned: string[] = [];

  /** The system account of a server with these four connections. */
  const server = {
    requestMany: async (subject: string) => {
      if (subject.endsWith('STATSZ') && serverIs === 'uncounted') throw new Error('permissions violation');
      if (subject.endsWith('STATSZ') && serverIs === 'well') {
        const statsz = { active_servers: 1 + others.length };
        const answering = others.filter(({ answers }) => answers);
        return [{ id: 'N1' }, ...answering].map(({ id }) => ({ json: () => ({ server: { id }, statsz }) }));
      }
      if (subject.endsWith('CONNZ')) looks++;
      if (serverIs === 'away') throw new Error('no responders');
      if (serverIs === 'silent') return [];
      const connections = Object.entries(names).map(([cid, name]) => ({ cid: Number(cid), authorized_user: name }));
      const answering = others.filter(({ answers }) => answers);
      return [{ id: 'N1', connections }, ...answering].map(({ id, connections }) => ({
        json: () => ({ server: { id }, data: { total: connections.length, connections } }),
      }));
    },
    request: async (_: string, body: string) => void kicked.push((JSON.parse(body) as { cid: number }).cid),
  } as unknown as NatsConnection;
  const log = {
    info: () => undefined,
    warn: (...said: unknown[]) => warned.push(String(said.at(-1))),
  } as unknown as Log;

  const directory = new Directory();
  directory.networks.set('fair', ending('12:00:00.000')).set('market', ending(null));
  directory.members
    .set('m1', { networkId: 'fair', backboneId: 'b1', accessPoints: [], linkCertificates: [] })
    .set('m2', { networkId: 'market', backboneId: 'b1', accessPoints: [], linkCertificates: [] });
  directory.backboneSites.set('s1', { backboneId: 'b1', enrolled: true, proof: null, linkCertificates: [] });
  let kicking: Kicking;

  beforeEach(async () => {
    [now, looks, serverIs, others] = [at('11:59:00.000'), 0, 'well', []];
    kicking = new Kicking(new NatsServers(server, 'SITES'), directory, log, () => new Date(now));
    await kicking.sweep();
    kicked.length = 0;
    warned.length = 0;
    looks = 0;
  });

  it('stays until then, and nobody is looked for', async () => {
    now = at('11:59:59.999');
    await kicking.lookForEnds();
    expect([looks, kicked]).toEqual([0, []]);
  });

  it('is disconnected then, and nobody else; once', async () => {
    now = at('12:00:05.000');
    await kicking.lookForEnds();
    expect([looks, kicked]).toEqual([1, [1, 2]]);
    await kicking.lookForEnds();
    expect(looks).toBe(1);
  });

  it.each([
    ['nobody could be asked', 'away'],
    ['no server answered', 'silent'],
  ] as const)('is disconnected later, when %s at the time', async (_, trouble) => {
    now = at('12:00:05.000');
    serverIs = trouble;
    await kicking.lookForEnds();
    expect([kicked, warned.length]).toEqual([[], 1]);
    serverIs = 'well';
    now = at('12:00:15.000');
    await kicking.lookForEnds();
    expect(kicked).toEqual([1, 2]);
  });

  it('is disconnected also when it cannot be told whether that is everybody, and looked for again', async () => {
    now = at('12:00:05.000');
    serverIs = 'uncounted';
    await kicking.lookForEnds();
    expect([looks, kicked, warned.length]).toEqual([1, [1, 2], 0]);
    await kicking.lookForEnds();
    expect([looks, warned.length]).toEqual([2, 1]);
  });

  it.each([
    [1_022, 1],
    [1_023, 2],
  ])('is looked for once more at once where pages may have moved: %d and two more, %d looks', async (many, times) => {
    now = at('12:00:05.000');
    const pages = [Array.from({ length: many }, (_, cid) => ({ cid: cid + 10, authorized_user: names[1] }))];
    others = [
      {
        id: 'N2',
        answers: true,
        get connections() {
          return pages.shift() ?? [];
        },
      },
    ];
    await kicking.lookForEnds();
    expect([looks, kicked.length]).toEqual([times, many + 2 * times]);
  });

  it('is looked for once more some seconds after a removal: who was admitted right before it comes later', async () => {
    kicking.after([{ type: 'MemberRemoved' } as RecordedEvent]);
    await kicking.lookForEnds();
    expect(looks).toBe(1);
    now += 5_000;
    await kicking.lookForEnds();
    expect(looks).toBe(2);
    await kicking.lookForEnds();
    expect(looks).toBe(2);
  });

  it('is looked for once more by whoever asks while it is looked for', async () => {
    now = at('12:00:05.000');
    await Promise.all([kicking.sweep(), kicking.sweep(), kicking.sweep()]);
    expect(looks).toBe(2);
  });

  it('is looked for again where that failed, though nothing ended since', async () => {
    serverIs = 'away';
    await kicking.sweep();
    serverIs = 'well';
    now = at('11:59:01.000');
    await kicking.lookForEnds();
    expect(looks).toBe(2);
    await kicking.lookForEnds();
    expect(looks).toBe(2);
  });

  describe('in a cluster', () => {
    const gone = formatIdentity({ kind: 'member', installation, networkId: 'market', memberId: 'removed' });
    const other = (answers: boolean) => ({ id: 'N2', answers, connections: [{ cid: 7, authorized_user: gone }] });

    it('is looked for again and again while a server of it does not say whom it holds', async () => {
      others = [other(false)];
      await kicking.sweep();
      expect(kicked).toEqual([]);
      await kicking.lookForEnds();
      await kicking.lookForEnds();
      expect([looks, kicked, warned.length]).toEqual([3, [], 2]);
      others = [other(true)];
      await kicking.lookForEnds();
      expect([looks, kicked]).toEqual([4, [7]]);
      await kicking.lookForEnds();
      expect(looks).toBe(4);
    });

    it('is looked for again once its servers can be asked, and that they cannot is said once each time', async () => {
      serverIs = 'away';
      await kicking.lookForEnds();
      expect([kicked, warned.length]).toEqual([[], 1]);
      serverIs = 'well';
      others = [other(true)];
      await kicking.lookForEnds();
      expect([kicked, warned.length]).toEqual([[7], 1]);
    });

    it('is looked for when a server is there that was not at the last look', async () => {
      others = [other(true)];
      await kicking.lookForEnds();
      expect([looks, kicked]).toEqual([1, [7]]);
      others = [{ ...other(true), id: 'N3' }];
      await kicking.lookForEnds();
      expect([looks, kicked]).toEqual([2, [7, 7]]);
      others = [];
      await kicking.lookForEnds();
      expect(looks).toBe(2);
    });
  });

  it('is disconnected again after a clock went back over the end, and came to it once more', async () => {
    now = at('12:00:05.000');
    await kicking.lookForEnds();
    now = at('11:00:00.000');
    await kicking.lookForEnds();
    kicked.length = 0;
    now = at('12:00:01.000');
    await kicking.lookForEnds();
    expect(kicked).toEqual([1, 2]);
  });
});
