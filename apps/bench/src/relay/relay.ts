import { Closing, echoing, serve, throttled } from '@caravan/testing/data-plane';
import type { TestInstallation } from '@caravan/testing/installation';
import { benchmark } from '../benchmark.js';
import type { BenchmarkOptions, Findings } from '../benchmark.js';
import { onStage } from '../stage/stage.js';
import { bareWay } from './bare-way.js';
import { askBehindBulk } from './behind-bulk.js';
import type { BehindBulk } from './behind-bulk.js';
import { carryBulk } from './bulk.js';
import type { Bulk } from './bulk.js';
import { openConnections } from './new-connections.js';
import type { NewConnections } from './new-connections.js';
import { relayWay } from './relay-way.js';
import type { RelayWay } from './relay-way.js';
import type { Way } from './way.js';

const SIZES = {
  full: { runs: 5, MB: 1_000, streams: 8, connections: 3_000, uploads: 100, probes: 3, probeMs: 8_000 },
  tiny: { runs: 1, MB: 20, streams: 4, connections: 40, uploads: 10, probes: 1, probeMs: 500 },
};
const LINK_MB_PER_SECOND = 6;

const FIGURES = {
  cpuSecondsPerGB: 'of four relays together, eight streams',
  ratioToBareHttp2: 'of that, to four processes of a bare node:http2 tunnel in the same round',
  bareCpuSecondsPerGB: 'of those four, eight streams',
  cpuSecondsPerGBOneStream: 'of four relays together, one stream',
  ratioToBareHttp2OneStream: 'the same for one stream',
  MBPerSecond: 'through four relays, eight streams; the load is made on the same machine',
  bareMBPerSecond: 'through the bare tunnel',
  connectionsPerSecond: 'opened through four relays, asked, answered and ended; 16 at once',
  bareConnectionsPerSecond: 'through the bare tunnel',
  cpuMsPerConnection: 'of four relays together',
  ratioToBareHttp2PerConnection: 'of that, to the bare tunnel',
  connectionP50Ms: 'from the first packet to the answer',
  connectionP99Ms: 'the same',
  smallRequestP50Ms: `a request and its answer behind 100 uploads over a link of ${LINK_MB_PER_SECOND} MB/s`,
  smallRequestP99Ms: 'the same',
  linkShare: 'of what that link can carry, used meanwhile',
};
type Figure = keyof typeof FIGURES;

/** Relays of a real installation, beside a tunnel that can do nothing else. */
export const relay = benchmark({
  name: 'relay',
  about: 'bulk, connections and small requests through relays',
  figures: FIGURES,
  aims: {
    ratioToBareHttp2: { atMost: 1.25 },
    connectionsPerSecond: { atLeast: 1_000 },
    smallRequestP50Ms: { atMost: 200 },
  },

  run: (options) =>
    onStage(options, {}, async (installation) => {
      const closing = new Closing();
      try {
        return await measured(installation, closing, options);
      } finally {
        await closing.all();
      }
    }),
});

async function measured(
  installation: TestInstallation,
  closing: Closing,
  { size, say }: BenchmarkOptions,
): Promise<Findings<Figure>> {
  let moved = 0;
  const sink = await serve((socket) => {
    socket.on('data', (data: Buffer) => (moved += data.length)).once('end', () => socket.end());
  });
  const echo = await serve(echoing('e'));
  for (const { close } of [sink, echo]) closing.add(close);
  const servers = { sink: sink.port, echo: echo.port };
  const relays = await relayWay(installation, servers);
  const bare = await bareWay(installation, servers);
  if (relays.tls !== bare.tls) throw new Error(`the relays speak ${relays.tls}, the bare tunnel ${bare.tls}`);
  say(`two ways of four processes each, ${bare.tls}`);

  const rounds = await inTurns({ relays, bare }, SIZES[size], say);
  const behind = await probed(relays, closing, () => moved, SIZES[size], say);
  return { runs: { ...figuresOf(rounds), ...behind }, setting: { ...SIZES[size], tls: bare.tls } };
}

interface Round {
  readonly bulk: Bulk;
  readonly one: Bulk;
  readonly opened: NewConnections;
}
type Rounds = readonly Readonly<Record<'relays' | 'bare', Round>>[];

/** The first round warms up. */
async function inTurns(
  { relays, bare }: Record<'relays' | 'bare', Way>,
  { runs, MB, streams, connections }: (typeof SIZES)['full'],
  say: (line: string) => void,
): Promise<Rounds> {
  const round = async (way: Way): Promise<Round> => ({
    bulk: await carryBulk(way, MB * 1e6, streams),
    one: await carryBulk(way, MB * 1e6, 1),
    opened: await openConnections(way, connections),
  });
  const rounds: Awaited<Rounds>[number][] = [];
  for (let run = 0; run <= runs; run++) {
    const found = { relays: await round(relays), bare: await round(bare) };
    if (run > 0) rounds.push(found);
    say(`${run === 0 ? 'warming up' : `run ${run}`}: ${inWords(found.relays)}; bare: ${inWords(found.bare)}`);
  }
  return rounds;
}

const inWords = ({ bulk, one, opened }: Round): string =>
  `${bulk.cpuSecondsPerGB.toFixed(2)} and ${one.cpuSecondsPerGB.toFixed(2)} CPU s/GB, ${Math.round(opened.perSecond)} connections/s`;

function figuresOf(rounds: Rounds) {
  const each = (of: (round: Round) => number, way: 'relays' | 'bare' = 'relays') => rounds.map((both) => of(both[way]));
  const ratio = (of: (round: Round) => number) => rounds.map(({ relays, bare }) => of(relays) / of(bare));
  return {
    cpuSecondsPerGB: each(({ bulk }) => bulk.cpuSecondsPerGB),
    ratioToBareHttp2: ratio(({ bulk }) => bulk.cpuSecondsPerGB),
    bareCpuSecondsPerGB: each(({ bulk }) => bulk.cpuSecondsPerGB, 'bare'),
    cpuSecondsPerGBOneStream: each(({ one }) => one.cpuSecondsPerGB),
    ratioToBareHttp2OneStream: ratio(({ one }) => one.cpuSecondsPerGB),
    MBPerSecond: each(({ bulk }) => bulk.MBPerSecond),
    bareMBPerSecond: each(({ bulk }) => bulk.MBPerSecond, 'bare'),
    connectionsPerSecond: each(({ opened }) => opened.perSecond),
    bareConnectionsPerSecond: each(({ opened }) => opened.perSecond, 'bare'),
    cpuMsPerConnection: each(({ opened }) => opened.cpuMsEach),
    ratioToBareHttp2PerConnection: ratio(({ opened }) => opened.cpuMsEach),
    connectionP50Ms: each(({ opened }) => opened.p50Ms),
    connectionP99Ms: each(({ opened }) => opened.p99Ms),
  };
}

async function probed(
  relays: RelayWay,
  closing: Closing,
  moved: () => number,
  { uploads, probes, probeMs }: (typeof SIZES)['full'],
  say: (line: string) => void,
) {
  await relays.reroute((port) => throttled(port, LINK_MB_PER_SECOND * 1e6, closing));
  const found: BehindBulk[] = [];
  for (let n = 0; n < probes; n++) {
    found.push(await askBehindBulk(relays.ports, uploads, probeMs, moved));
    const { p50Ms, MBPerSecond } = found.at(-1)!;
    say(`behind ${uploads} uploads: p50 ${p50Ms.toFixed(0)} ms, the link carries ${MBPerSecond.toFixed(1)} MB/s`);
  }
  return {
    smallRequestP50Ms: found.map(({ p50Ms }) => p50Ms),
    smallRequestP99Ms: found.map(({ p99Ms }) => p99Ms),
    linkShare: found.map(({ MBPerSecond }) => MBPerSecond / LINK_MB_PER_SECOND),
  };
}
