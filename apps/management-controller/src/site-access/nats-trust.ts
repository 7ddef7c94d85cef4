import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';

/** What a server says of its configuration (nats-server, `VARZ`). */
const varzSchema = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({ config_load_time: z.string() }),
});
/** Of its connections (`CONNZ` with `auth`): what the other end presented and it verified, leaf first; none where it speaks no TLS. */
const connzSchema = z.object({
  data: z.object({
    connections: z
      .array(
        z.object({
          name: z.string().optional(),
          tls_peer_certs: z.array(z.object({ cert_sha256: z.string() })).optional(),
        }),
      )
      .optional(),
  }),
});

/** As the configuration of our nats-server calls them (libs/installation). Sites have one of their own. */
const SERVICE_ACCOUNTS = ['MGMT', 'AUTH', 'SYS'];
const ANSWER = { strategy: 'stall', stall: 300, maxWait: 3_000 } as const;

export interface ServiceConnection {
  readonly name: string;
  /** SHA-256 of each certificate that it presented, hex, leaf first. */
  readonly chain: readonly string[];
}

/** What nats-servers took in of the installation's trust, asked in the system account. */
export class NatsTrust {
  constructor(private readonly system: Pick<NatsConnection, 'request' | 'requestMany'>) {}

  /** The ids of servers that read their configuration, and the certificates it names, before that time. */
  async readBefore(time: Date): Promise<string[]> {
    const before: string[] = [];
    for await (const answer of await this.system.requestMany('$SYS.REQ.SERVER.PING.VARZ', '{}', ANSWER)) {
      const { server, data } = varzSchema.parse(answer.json());
      if (Date.parse(data.config_load_time) <= time.getTime()) before.push(server.id);
    }
    return before;
  }

  /** Disconnects whom the callout let in: they come again at once. */
  async reload(serverId: string): Promise<void> {
    await this.system.request(`$SYS.REQ.SERVER.${serverId}.RELOAD`, '', { timeout: 5_000 });
  }

  /** The connections of services, of all servers; those over TLS. */
  async services(): Promise<ServiceConnection[]> {
    const found: ServiceConnection[] = [];
    for (const acc of SERVICE_ACCOUNTS) {
      const request = JSON.stringify({ auth: true, acc, limit: 1_024 });
      for await (const answer of await this.system.requestMany('$SYS.REQ.SERVER.PING.CONNZ', request, ANSWER)) {
        for (const { name = 'a client without a name', tls_peer_certs: certificates } of connzSchema.parse(
          answer.json(),
        ).data.connections ?? []) {
          if (certificates) found.push({ name, chain: certificates.map((each) => each.cert_sha256) });
        }
      }
    }
    return found;
  }
}
