import { serverNameOf } from '@caravan/data-plane';
import { ask, askPort, dial, echoing, serve } from '@caravan/testing/data-plane';
import { Chain, until } from '../chain.fixture.js';
import type { Door } from './fuzzer.fixture.js';

/** `SIGUSR2`: collects garbage. */
const COLLECTS = [
  '--expose-gc',
  '--import',
  'data:text/javascript,process.on("SIGUSR2",()=>{globalThis.gc();globalThis.gc()})',
];

export interface Footprint {
  readonly resident: number;
  readonly heap: number;
  readonly external: number;
  readonly descriptors: number;
}

/** The relay `near` of a chain that works, its doors, and what it takes up once nothing goes on. */
export class FuzzedRelay {
  private constructor(
    readonly chain: Chain,
    readonly port: number,
    readonly doors: readonly Door[],
  ) {}

  static async begin(): Promise<FuzzedRelay> {
    const chain = await Chain.begin({ with: (hop) => (hop === 'near' ? { nodeArgs: COLLECTS } : {}) });
    const echo = await serve(echoing('e'));
    chain.topology.closing.add(echo.close);
    const port = await chain.offer('echo', echo.port);
    await until('the route is known', async () => (await askPort(port, 'x').catch(() => '')) === 'e: x');
    const { world } = chain.topology;
    const door = (access: 'member' | 'claim' | 'peer', owner: string, credential: Door['credential']): Door => ({
      port: chain.topology.portOf(chain.site('near'), access),
      serverName: serverNameOf(access, owner),
      credential,
    });
    return new FuzzedRelay(chain, port, [
      door('member', world.a.id, world.member(world.a, 'fuzz')),
      door('claim', world.a.id, world.claim(world.a, 'fuzz')),
      door('peer', 'backbone-1', world.backboneSite('fuzz')),
    ]);
  }

  get pid(): number | undefined {
    return this.chain.process('near').child.pid;
  }

  /** An honest connection through the relay that was fuzzed. */
  async carries(): Promise<string> {
    const socket = await dial(this.port);
    const answer = await ask(socket, 'honest');
    socket.destroy();
    return answer;
  }

  async footprint(): Promise<Footprint> {
    const metric = (name: string): Promise<number> => this.chain.metric('near', name);
    // Its own lines to a and far are left, and nothing is carried.
    await until('the attackers are gone', async () => (await metric('caravan_relay_lines')) === 4, 60_000);
    await until('nothing is carried', async () => (await metric('caravan_relay_tunnels')) === 0, 60_000);
    for (let i = 0; i < 3; i++) {
      this.chain.process('near').child.kill('SIGUSR2');
      await metric('caravan_relay_lines');
    }
    const [resident, heap, external, descriptors] = await Promise.all(
      [
        'process_resident_memory_bytes',
        'nodejs_heap_size_used_bytes',
        'nodejs_external_memory_bytes',
        'process_open_fds',
      ].map(metric),
    );
    const inMiB = (bytes = 0): number => Math.round((bytes / 2 ** 20) * 10) / 10;
    return { resident: inMiB(resident), heap: inMiB(heap), external: inMiB(external), descriptors: descriptors! };
  }

  /** Errors that nothing in the relay expected, each once. */
  async faults(): Promise<string[]> {
    const lines = this.chain.process('near').log().split('\n');
    const errors = lines.flatMap((line) =>
      /"level":("error"|"fatal"|50|60)/.test(line)
        ? [JSON.parse(line) as { err?: { stack?: string }; msg: string }]
        : [],
    );
    const kinds = [
      ...new Set(errors.map(({ err, msg }) => `${msg}: ${err?.stack?.split('\n').slice(0, 6).join(' | ')}`)),
    ];
    const counted = await this.chain.metric('near', 'caravan_relay_faults_total');
    return counted === 0 ? kinds : [`${counted} faults`, ...kinds];
  }
}
