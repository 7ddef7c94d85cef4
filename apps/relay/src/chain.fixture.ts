import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { relayPaths } from '@caravan/data-plane/relay';
import { eventually } from '@caravan/testing';
import { Topology } from '@caravan/testing/data-plane';
import type { RunningDataPlane, TestSite } from '@caravan/testing/data-plane';
import type { RelayProcess, RelayProcessOptions } from './relay-process.fixture.js';
import { startRelayWith } from './relay-process.fixture.js';

export const MiB = 1024 * 1024;
const HOPS = ['a', 'near', 'far', 'b'] as const;
export type Hop = (typeof HOPS)[number];

export interface ChainOptions {
  /** How each relay process is started. */
  readonly with?: (hop: Hop) => RelayProcessOptions;
  /** Something between near and far: is given far's port, answers its own. */
  readonly between?: (port: number, closing: Topology['closing']) => Promise<number>;
  readonly start?: (hop: Hop) => Promise<RunningDataPlane>;
}

/** client -> a -> near -> far -> b -> server: two members, two relays, three hops of mutual TLS, each relay a process of its own. */
export class Chain {
  private constructor(
    readonly topology: Topology,
    private readonly sites: Readonly<Record<Hop, TestSite>>,
  ) {}

  static async begin({ with: how = () => ({}), between, start }: ChainOptions = {}): Promise<Chain> {
    const topology = new Topology((id) => start?.(id as Hop) ?? startRelayWith(undefined, how(id as Hop)));
    const network = topology.world.a;
    const far = await topology.relay('far');
    const near = await topology.relay('near');
    const port = topology.portOf(far, 'peer');
    const shown = (await between?.(port, topology.closing)) ?? port;
    await near.link('to-far', { access: 'peer', port: shown }, topology.world.backboneSite('near'));
    await near.applied('link/to-far');
    const b = await topology.member('b', network, far);
    const a = await topology.member('a', network, near);
    return new Chain(topology, { a, near, far, b });
  }

  /** Lets b's server at `port` answer for `address`; answers the port at a. */
  async offer(address: string, port: number): Promise<number> {
    const { id } = this.topology.world.a;
    await this.sites.b.connect(id, address, port);
    return this.sites.a.listen(id, address);
  }

  site(hop: Hop): TestSite {
    return this.sites[hop];
  }

  process(hop: Hop): RelayProcess {
    return this.sites[hop].running as RelayProcess;
  }

  /** A metric of one relay: the sum over its labels, or of those that hold `label`. */
  async metric(hop: Hop, name: string, label = ''): Promise<number> {
    const text = await metricsOf(this.process(hop));
    const lines = text.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(label));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** How many lines each has. */
  lines(): Promise<Record<Hop, number>> {
    return this.each((hop) => this.metric(hop, 'caravan_relay_lines'));
  }

  /** Has a hop dial its link again. Resolves when the new lines are up, at the end that dials. */
  async redial(hop: Hop): Promise<void> {
    const opened = (): Promise<number> => this.metric(hop, 'caravan_relay_lines_opened_total');
    const [before, site] = [await opened(), this.site(hop)];
    await site.change(({ links }) => void links[0]!.cost++);
    await eventually('it has dialled again', async () => (await opened()) >= before + 2);
    await site.applied(`link/${site.configuration.links[0]!.id}`);
  }

  async memory(hop: Hop): Promise<number> {
    return (await this.metric(hop, 'process_resident_memory_bytes')) / MiB;
  }

  /** For each hop. */
  async each<T>(of: (hop: Hop) => Promise<T>): Promise<Record<Hop, T>> {
    const entries = await Promise.all(HOPS.map(async (hop) => [hop, await of(hop)] as const));
    return Object.fromEntries(entries) as Record<Hop, T>;
  }

  close(): Promise<void> {
    return this.topology.close();
  }
}

/** What a relay tells of itself, as text. */
export function metricsOf({ socketPath }: RelayProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: relayPaths.metrics, agent: false }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });
}

/** A figure for whoever reads the run. */
export const tell = (figure: string): void => void process.stderr.write(`      ${figure}\n`);

/** The largest resident memory that a process has had, in MiB; only Linux tells. */
export const peakMemory = ({ child }: RelayProcess): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024;

/** Many bytes that differ at every position, soon: a key stream. */
export const stream = (length: number, seed: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(length));

/** Of everything that is heard until the end; unlike iterating, it leaves the other direction alone. */
export async function digestOf(socket: Socket): Promise<string> {
  const hash = createHash('sha256');
  socket.on('data', (data: Buffer) => hash.update(data));
  await once(socket, 'end');
  return hash.digest('hex');
}
