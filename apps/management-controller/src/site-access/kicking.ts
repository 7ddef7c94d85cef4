import { BackboneSiteRemoved, MemberRemoved } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import type { RecordedEvent } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { formatIdentity } from '@caravan/pki';
import type { Log } from '@caravan/platform';
import { z } from 'zod';

/** What every server says about its connections (nats-server, `CONNZ`); `name_tag` is the name in the user's JWT. */
const connzSchema = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({ connections: z.array(z.object({ cid: z.int(), name_tag: z.string().optional() })).optional() }),
});

/** A removal that ends a live connection: who is gone. */
type Removal = RecordedEvent<EventOf<readonly [typeof MemberRemoved, typeof BackboneSiteRemoved]>>;

const isRemoval = (event: RecordedEvent): event is Removal =>
  event.type === MemberRemoved.type || event.type === BackboneSiteRemoved.type;

/** Disconnects who is no longer admitted: refusing the next connection is not enough for one that stays. */
export class Kicking {
  constructor(
    /** Connected to the system account. */
    private readonly nats: NatsConnection,
    private readonly installation: string,
    private readonly account: string,
    private readonly log: Log,
  ) {}

  async after(events: readonly RecordedEvent[]): Promise<void> {
    const gone = new Set(events.filter(isRemoval).map((event) => this.identityOf(event)));
    if (gone.size === 0) return;
    for (const { serverId, cid, name } of await this.connections()) {
      if (!gone.has(name)) continue;
      await this.nats.request(`$SYS.REQ.SERVER.${serverId}.KICK`, JSON.stringify({ cid }), { timeout: 2_000 });
      this.log.info({ identity: name, cid }, 'disconnected: it is no longer admitted');
    }
  }

  private identityOf(event: Removal): string {
    const { installation } = this;
    if (event.type === 'MemberRemoved') {
      const { networkId, memberId } = event.data;
      return formatIdentity({ kind: 'member', installation, networkId, memberId });
    }
    const { backboneId, siteId } = event.data;
    return formatIdentity({ kind: 'backbone-site', installation, backboneId, siteId });
  }

  private async connections(): Promise<{ serverId: string; cid: number; name: string }[]> {
    const request = JSON.stringify({ auth: true, acc: this.account, limit: 65_536 });
    const found = [];
    // Each server of the cluster answers; the stream of answers ends when they pause.
    const answers = await this.nats.requestMany('$SYS.REQ.SERVER.PING.CONNZ', request, { maxWait: 1_000, stall: 200 });
    for await (const answer of answers) {
      const { server, data } = connzSchema.parse(answer.json());
      for (const { cid, name_tag: name } of data.connections ?? []) {
        if (name !== undefined) found.push({ serverId: server.id, cid, name });
      }
    }
    return found;
  }
}
