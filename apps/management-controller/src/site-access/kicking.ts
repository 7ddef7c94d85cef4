import { BackboneSiteRemoved, MemberRemoved, NetworkDeleted } from '@caravan/events';
import type { RecordedEvent } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { killPoint } from '@caravan/kill-points';
import { parseIdentity } from '@caravan/pki';
import type { Log } from '@caravan/platform';
import { z } from 'zod';
import type { Directory, NetworkWindow } from '../directory/directory.js';
import { mayStay } from './admission-rules.js';

/**
 * What a server says about its connections (nats-server, `CONNZ`): the name in the user's JWT, which is the identity that the
 * callout admitted, comes as `authorized_user`.
 */
const connzSchema = z.object({
  server: z.object({ id: z.string() }),
  data: z.object({
    connections: z.array(z.object({ cid: z.int(), authorized_user: z.string().optional() })).optional(),
  }),
});

interface Connection {
  readonly serverId: string;
  readonly cid: number;
  readonly identity: string;
}

const ANSWER_WITHIN_MS = 5_000;
const PAUSE_MS = 200;
/** Who was admitted right before a removal may be connected only after the sweep that follows it. */
const ONCE_MORE_AFTER_MS = 5_000;

const REMOVALS = new Set<string>([MemberRemoved.type, BackboneSiteRemoved.type, NetworkDeleted.type]);

/**
 * Disconnects who is no longer admitted: refusing the next connection is not enough for one that stays. At a network's end
 * nats-server does so by itself, as the callout told it when it admitted; this finds whom that missed, say since a clock was set.
 */
export class Kicking {
  private sweptAt = 0;
  /** Asked for, and not done yet. */
  private isDue = false;
  private sweeping: Promise<void> | undefined;
  /** When somebody was removed, until that was looked through once more. */
  private removedAt: number | undefined;

  constructor(
    /** Connected to the system account. */
    private readonly nats: NatsConnection,
    private readonly directory: Directory,
    private readonly account: string,
    private readonly log: Log,
    private readonly clock: () => Date,
  ) {}

  after(events: readonly RecordedEvent[]): void {
    if (!events.some(({ type }) => REMOVALS.has(type))) return;
    this.removedAt = this.clock().getTime();
    void this.sweep();
  }

  /**
   * Looks at every connection, not at what happened: a removal while nobody looked is found by the next sweep. One at a time; what
   * comes meanwhile has one more after it. One that fails is due until it is looked for again.
   */
  sweep(): Promise<void> {
    this.isDue = true;
    return (this.sweeping ??= this.sweepWhileDue());
  }

  private async sweepWhileDue(): Promise<void> {
    let isDone = true;
    while (this.isDue && isDone) {
      this.isDue = false;
      isDone = await this.sweepOnce();
    }
    this.isDue ||= !isDone;
    this.sweeping = undefined; // in the same step as the last look at what is due, so that nobody asks in between
  }

  private async sweepOnce(): Promise<boolean> {
    const now = this.clock();
    try {
      for (const connection of await this.connections()) {
        const identity = parseIdentity(connection.identity);
        if (identity && !mayStay(identity, this.directory, now)) await this.kick(connection);
      }
      this.sweptAt = now.getTime();
      return true;
    } catch (error) {
      this.log.warn({ err: error }, 'connections could not be looked through for those no longer admitted');
      return false;
    }
  }

  /**
   * That a network ends is no event: whoever calls this now and then has its connections looked through; also what failed before, and
   * once more some time after a removal.
   */
  async lookForEnds(): Promise<void> {
    const now = this.clock().getTime();
    this.sweptAt = Math.min(this.sweptAt, now); // the clock went back: what it passes again is looked at again
    const isOnceMore = this.removedAt !== undefined && Math.abs(now - this.removedAt) >= ONCE_MORE_AFTER_MS;
    if (isOnceMore) this.removedAt = undefined;
    if (isOnceMore || this.isDue || endsBetween(this.directory.networks.values(), this.sweptAt, now))
      await this.sweep();
  }

  private async kick({ serverId, cid, identity }: Connection): Promise<void> {
    if (killPoint) await killPoint('kick.due', identity);
    await this.nats.request(`$SYS.REQ.SERVER.${serverId}.KICK`, JSON.stringify({ cid }), { timeout: 2_000 });
    this.log.info({ identity, cid }, 'disconnected: it is no longer admitted');
    if (killPoint) await killPoint('kick.done', identity);
  }

  private async connections(): Promise<Connection[]> {
    const request = JSON.stringify({ auth: true, acc: this.account, limit: 65_536 });
    const found: Connection[] = [];
    // Each server of the cluster answers; the answers end when they pause.
    const patience = { strategy: 'stall', maxWait: ANSWER_WITHIN_MS, stall: PAUSE_MS } as const;
    const answers = await this.nats.requestMany('$SYS.REQ.SERVER.PING.CONNZ', request, patience);
    let answered = 0;
    for await (const answer of answers) {
      const { server, data } = connzSchema.parse(answer.json());
      answered++;
      for (const { cid, authorized_user: identity } of data.connections ?? []) {
        if (identity !== undefined) found.push({ serverId: server.id, cid, identity });
      }
    }
    if (answered === 0) throw new Error(`no nats-server said within ${ANSWER_WITHIN_MS / 1_000} s who is connected`);
    return found;
  }
}

/** Whether a network has ended after `since` and up to `now`, both in milliseconds since 1970. */
export function endsBetween(networks: Iterable<NetworkWindow>, since: number, now: number): boolean {
  for (const { endsAt } of networks) {
    if (endsAt === null) continue;
    const end = Date.parse(endsAt);
    if (end > since && end <= now) return true;
  }
  return false;
}
