import * as h2 from './frames.fixture.js';
import type { Random } from './random.fixture.js';

/** What one connection says, frame by frame. `stream` is a number that no stream of it has had. */
export interface Attack {
  readonly name: string;
  /** The next frames; some attacks need several for one turn. */
  turn(random: Random, stream: number): Buffer[];
}

const ADDRESSES = ['echo', 'nothing', 'caravan.control', '', 'UPPER', '../x', 'a:80', 'x'.repeat(300), '\u0000', 'é'];
const NAMES = [
  'caravan-scope',
  'caravan-hops',
  'caravan-connection',
  ':path',
  ':scheme',
  'te',
  'X-Upper',
  '',
  'cookie',
];
const VALUES = [
  'network:net-a',
  'network:net-b',
  'control',
  'a,b,near',
  'near',
  ',',
  '\r\nx: y',
  'y'.repeat(2_000),
  '-1',
  '\u00ff',
];

const flood = (name: string, of: (random: Random, stream: number) => Buffer): Attack => ({
  name: `flood of ${name}`,
  turn: (random, stream) => [of(random, stream)],
});

/** On a connection where the attacker is the one that opens streams. */
export const CALLING: readonly Attack[] = [
  { name: 'any frames', turn: (random, stream) => [h2.anyFrame(random, stream)] },
  { name: 'no frames', turn: (random) => [random.bytes(1 + random.below(64))] },
  {
    name: 'tunnels with hostile headers',
    turn: (random, stream) => {
      const pairs: [string, string][] = [
        [':method', random.pick(['CONNECT', 'CONNECT', 'CONNECT', 'GET', 'connect', ''])],
        [':authority', random.pick(ADDRESSES)],
      ];
      for (let more = random.below(6); more > 0; more--) pairs.push([random.pick(NAMES), random.pick(VALUES)]);
      if (random.chance(0.1)) pairs.reverse();
      return [h2.headers(stream, pairs, random.chance(0.3))];
    },
  },
  {
    name: 'tunnels that carry, end, break and are written to afterwards',
    turn: (random, stream) => {
      const turns = [h2.connectTo(stream, 'echo')];
      for (let more = random.below(4); more > 0; more--) turns.push(h2.data(stream, random.bytes(random.below(200))));
      if (random.chance(0.5)) turns.push(h2.data(stream, Buffer.alloc(0), true));
      if (random.chance(0.2)) turns.push(h2.reset(stream));
      if (random.chance(0.1)) turns.push(h2.data(stream, random.bytes(10)));
      return turns;
    },
  },
  {
    name: 'lists of streams to reset',
    turn: (random, stream) => {
      const asked = [
        h2.headers(stream, [
          [':method', 'POST'],
          [':scheme', 'https'],
          [':path', '/resets'],
          [':authority', 'x'],
        ]),
      ];
      return [
        ...asked,
        h2.data(stream, random.chance(0.5) ? random.bytes(40) : Buffer.from(`${random.below(stream)}\n-1\n1e9\n`)),
      ];
    },
  },
  { name: 'opens and resets', turn: (_, stream) => [h2.connectTo(stream, 'echo'), h2.reset(stream)] },
  {
    name: 'headers without end',
    turn: (random, stream) => [
      h2.frame(h2.TYPE.headers, 0, stream, h2.fields([[':method', 'CONNECT']])),
      ...Array.from({ length: 1 + random.below(20) }, () =>
        h2.frame(h2.TYPE.continuation, 0, stream, h2.fields([[random.pick(NAMES), random.pick(VALUES)]])),
      ),
    ],
  },
  flood('settings', (random) => h2.settings([[random.below(8), random.below(2 ** 31)]])),
  flood('pings', h2.ping),
  flood('window updates', (random) =>
    h2.windowUpdate(random.chance(0.5) ? 0 : 1, random.pick([1, 1_000, 0x7fffffff, 0])),
  ),
  flood('resets of what is not there', (_, stream) => h2.reset(stream)),
  flood('empty data', () => h2.data(1, Buffer.alloc(0))),
  flood('priorities', (random, stream) => h2.frame(h2.TYPE.priority, 0, stream, random.bytes(5))),
  flood('greetings', (_, stream) => h2.greeting(stream)),
];

/** On a connection where the relay opens streams: its greeting, 1, is answered with what it does not expect. */
export const ANSWERING: readonly Attack[] = [
  { name: 'any frames', turn: (random) => [h2.anyFrame(random, 1)] },
  {
    name: 'promises',
    turn: (random, stream) => [
      h2.frame(h2.TYPE.pushPromise, 4, 1, Buffer.concat([Buffer.from([0, 0, 0, stream & 0xfe]), random.bytes(8)])),
    ],
  },
  {
    name: 'answers',
    turn: (random) => [
      h2.headers(1, [
        [':status', random.pick(['200', '500', '99', 'x'])],
        ['caravan-site', random.pick(VALUES)],
      ]),
    ],
  },
  {
    name: 'offers that are none',
    turn: (random) => [
      h2.data(
        1,
        Buffer.from(
          random.pick([
            '{"set":[]}\n',
            '{}\n',
            'x\n',
            '\n',
            '{"set":[{"scope":"network:net-a","address":"echo","cost":0,"path":[]}]}\n',
            '[[[[[[[[',
            '{"gone":1}\n',
          ]),
        ),
      ),
    ],
  },
  { name: 'offers in crumbs', turn: (random) => [h2.data(1, Buffer.from(random.pick(['x', ' ', '{'])))] },
  flood('settings', (random) => h2.settings([[random.below(8), random.below(2 ** 31)]])),
  flood('pings', h2.ping),
  flood('goodbyes', (random) => h2.frame(h2.TYPE.goaway, 0, 0, random.bytes(8))),
];
