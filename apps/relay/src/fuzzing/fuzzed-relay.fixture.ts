import type { ChildProcess } from 'node:child_process';
import { serverNameOf } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { askPort, echoing, flood, serve } from '@caravan/testing/data-plane';
import { Chain, MiB } from '../chain.fixture.js';
import { faultsIn } from './faults.fixture.js';
import type { Footprint } from './footprint.fixture.js';
import type { Door, Fuzzer } from './fuzzer.fixture.js';
import type { Life } from './life.fixture.js';
import { lifeOf } from './life.fixture.js';
import { COLLECTS } from './preloads.fixture.js';
import { FLOOD } from './vanishing.fixture.js';

/** How often it is looked at while it is spoken to. */
const LOOK_MS = 500;
/** What is left once garbage is collected, as COLLECTS says it. */
interface Left {
  readonly handles: number;
  readonly sessions: number;
}
const LEFT = /^\{"handles":.*\}$/gm;

/** The relay `near` of a chain that works, its doors, and what it takes up once nothing goes on. */
export class FuzzedRelay {
  private constructor(
    readonly chain: Chain,
    readonly port: number,
    readonly doors: readonly Door[],
  ) {}

  /** `preloads`: what is done to the relay on purpose. */
  static async begin(preloads: readonly string[] = []): Promise<FuzzedRelay> {
    const nodeArgs = [...COLLECTS, ...preloads];
    const chain = await Chain.begin({ with: (hop) => (hop === 'near' ? { nodeArgs } : {}) });
    const echo = await serve(echoing('e'));
    const endless = await serve(flood);
    for (const { close } of [echo, endless]) chain.topology.closing.add(close);
    await chain.offer(FLOOD, endless.port);
    const port = await chain.offer('echo', echo.port);
    await eventually('the route is known', async () => (await askPort(port, 'x').catch(() => '')) === 'e: x');
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

  get child(): ChildProcess {
    return this.chain.process('near').child;
  }

  /** Whether it carries an honest connection. */
  life(): Promise<Life> {
    return lifeOf(this.child, async () => {
      const answer = await askPort(this.port, 'honest');
      if (answer !== 'e: honest') throw new Error(`it carries something else: ${answer}`);
    });
  }

  /** While it is told so many frames, and afterwards. */
  async lifeUnder(fuzzer: Fuzzer, frames: number, patienceMs?: number): Promise<Life> {
    const over = new AbortController();
    const said = fuzzer.say(frames, over.signal).then(() => true);
    for (let isSaid = false; !isSaid;) {
      const life = await lifeOf(this.child, () => this.chain.metric('near', 'caravan_relay_lines'), patienceMs);
      if (life !== 'works') {
        over.abort();
        await said;
        return life;
      }
      isSaid = await Promise.race([said, new Promise<false>((resolve) => setTimeout(resolve, LOOK_MS, false))]);
    }
    return this.life();
  }

  async footprint(): Promise<Footprint> {
    const metric = (name: string): Promise<number> => this.chain.metric('near', name);
    // Its own lines to a and far are left, and nothing is carried.
    await eventually('the attackers are gone', async () => (await metric('caravan_relay_lines')) === 4);
    await eventually('nothing is carried', async () => (await metric('caravan_relay_tunnels')) === 0);
    for (let i = 0; i < 2; i++) await this.#collected();
    const { handles, sessions } = await this.#collected();
    const inMiB = async (name: string): Promise<number> => Math.round(((await metric(name)) / MiB) * 10) / 10;
    return {
      resident: await inMiB('process_resident_memory_bytes'),
      heap: await inMiB('nodejs_heap_size_used_bytes'),
      external: await inMiB('nodejs_external_memory_bytes'),
      descriptors: await metric('process_open_fds'),
      handles,
      sessions,
      lines: await metric('caravan_relay_lines'),
      tunnels: await metric('caravan_relay_tunnels'),
    };
  }

  async #collected(): Promise<Left> {
    const said = (): string[] => this.chain.process('near').log().match(LEFT) ?? [];
    const before = said().length;
    this.child.kill('SIGUSR2');
    await eventually('it has collected its garbage', () => said().length > before);
    return JSON.parse(said().at(-1)!) as Left;
  }

  /** Errors that nothing in the relay expected, each once. */
  async faults(): Promise<string[]> {
    return faultsIn(this.chain.process('near').log(), await this.chain.metric('near', 'caravan_relay_faults_total'));
  }
}
