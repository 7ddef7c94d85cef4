import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';

/**
 * What a server says about its connections (nats-server, `CONNZ`): the name in the user's JWT, which the callout gave
 * it, comes as `authorized_user`. `total`: how many there are, on all pages.
 */
const connzSchema = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({
    total: z.int().optional(),
    connections: z.array(z.object({ cid: z.int(), authorized_user: z.string().optional() })).optional(),
  }),
});
/** What it says about itself (`STATSZ`): how many servers it counts, itself among them. */
const statszSchema = z.object({
  server: z.object({ id: z.string() }),
  statsz: z.object({ active_servers: z.int().optional() }),
});

export interface Connection {
  readonly serverId: string;
  readonly cid: number;
  /** `connection-name.ts` */
  readonly name: string;
}

/** The cluster, as its servers see it themselves. */
export interface Cluster {
  /** Those that answer. */
  readonly servers: ReadonlySet<string>;
  /** How many there are: one that is silent is counted for some two minutes more. */
  readonly size: number;
}

const ANSWER_WITHIN_MS = 5_000;
/** A page, and how much of it the next one has again: who disconnects meanwhile moves all that come behind. */
const PAGE = 65_536;
const AGAIN = 1_024;
/** Whoever disconnects more than this while pages come in has to look again. */
export const MOST_BETWEEN_PAGES = AGAIN;

/** All servers of a cluster, asked over the system account. Each answers for itself, if it does. */
export class NatsServers {
  constructor(
    private readonly nats: NatsConnection,
    private readonly account: string,
    private readonly page = { size: PAGE, again: AGAIN },
  ) {}

  /**
   * Who is connected, each once; `answered` gets the ids of the servers that said so. One that does not holds up the end and nothing
   * before it.
   * @throws Error when nobody answers, or not in these words
   */
  async *connections(answered: Set<string>): AsyncGenerator<Connection> {
    // Only a shortcut: what is wrong with it is said where it is asked whether all have answered.
    const most = await this.cluster().then(
      ({ size }) => size,
      () => Infinity,
    );
    const { size, again } = this.page;
    const seen = new Set<string>();
    for (let offset = 0, total = 1; offset < total; offset += size - again) {
      total = 0;
      const page = { auth: true, acc: this.account, limit: size, offset };
      for await (const answer of this.ask('CONNZ', page, { stallMs: 1_000, most })) {
        const { server, data } = connzSchema.parse(answer);
        answered.add(server.id);
        total = Math.max(total, (data.total ?? 0) - again); // what both pages have is no page
        for (const { cid, authorized_user: name } of data.connections ?? []) {
          const key = `${server.id} ${cid}`;
          if (name === undefined || seen.has(key)) continue;
          seen.add(key);
          yield { serverId: server.id, cid, name };
        }
      }
    }
  }

  /** @throws Error when nobody answers, or not in these words */
  async cluster(): Promise<Cluster> {
    const servers = new Set<string>();
    let size = 0;
    for await (const answer of this.ask('STATSZ', {}, { stallMs: 200, most: Infinity })) {
      const { server, statsz } = statszSchema.parse(answer);
      servers.add(server.id);
      size = Math.max(size, statsz.active_servers ?? 1);
    }
    return { servers, size: Math.max(size, servers.size) };
  }

  async disconnect({ serverId, cid }: Connection): Promise<void> {
    await this.nats.request(`$SYS.REQ.SERVER.${serverId}.KICK`, JSON.stringify({ cid }), { timeout: 2_000 });
  }

  /** Each server answers for itself; the answers end when they are as many as there can be, or pause. */
  private async *ask(
    what: 'CONNZ' | 'STATSZ',
    request: object,
    { stallMs: stall, most }: { readonly stallMs: number; readonly most: number },
  ): AsyncGenerator<unknown> {
    const options = { strategy: 'stall', stall, maxWait: ANSWER_WITHIN_MS } as const;
    const answers = await this.nats.requestMany(`$SYS.REQ.SERVER.PING.${what}`, JSON.stringify(request), options);
    let answered = 0;
    for await (const answer of answers) {
      answered++;
      yield answer.json();
      if (answered === most) return;
    }
    if (answered === 0) throw new Error(`no nats-server answered ${what} within ${ANSWER_WITHIN_MS / 1_000} s`);
  }
}
