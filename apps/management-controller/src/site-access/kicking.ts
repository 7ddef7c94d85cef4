import {
  BackboneSiteRemoved,
  MemberRemoved,
  NetworkDeleted,
  NetworkRescheduled,
  NetworkSuspended,
  RevocationRequested,
} from '@caravan/events';
import type { RecordedEvent } from '@caravan/event-store';
import { killPoint } from '@caravan/kill-points';
import type { Log } from '@caravan/platform';
import type { Directory } from '../directory/directory.js';
import type { NetworkWindow } from '../directory/entries.js';
import { mayStay } from './admission-rules.js';
import { connectedAs } from './connection-name.js';
import type { Connection, NatsServers } from './nats-servers.js';
import { MOST_BETWEEN_PAGES } from './nats-servers.js';

/** Who was admitted right before a removal may be connected only after the sweep that follows it. */
const ONCE_MORE_AFTER_MS = 5_000;

const REMOVALS = new Set<string>(
  [
    ...[MemberRemoved, BackboneSiteRemoved, RevocationRequested],
    ...[NetworkDeleted, NetworkRescheduled, NetworkSuspended],
  ].map(({ type }) => type),
);

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
  /** The servers that said in the last sweep who is connected. */
  private swept: ReadonlySet<string> | undefined;

  constructor(
    private readonly servers: NatsServers,
    private readonly directory: Directory,
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
      const answered = new Set<string>();
      let kicked = 0;
      for await (const connection of this.servers.connections(answered)) {
        const connected = connectedAs(connection.name);
        if (!connected || mayStay(connected, this.directory, now)) continue;
        await this.kick(connection);
        kicked++;
      }
      this.isDue ||= kicked > MOST_BETWEEN_PAGES;
      this.sweptAt = now.getTime();
      this.swept = answered;
      return true;
    } catch (error) {
      this.log.warn({ err: error }, 'connections could not be looked through for those no longer admitted');
      return false;
    }
  }

  /**
   * That a network ends is no event: whoever calls this now and then has its connections looked through; also what failed before, and
   * once more some time after a removal, and for as long as a server of the cluster did not answer.
   */
  async lookForEnds(): Promise<void> {
    const now = this.clock().getTime();
    this.sweptAt = Math.min(this.sweptAt, now); // the clock went back: what it passes again is looked at again
    const isOnceMore = this.removedAt !== undefined && Math.abs(now - this.removedAt) >= ONCE_MORE_AFTER_MS;
    if (isOnceMore) this.removedAt = undefined;
    const isDue = isOnceMore || this.isDue || endsBetween(this.directory.networks.values(), this.sweptAt, now);
    const reach = isDue ? undefined : await this.reach();
    if (isDue || reach !== 'all') await this.sweep();
    // A sweep that failed has said why.
    if (reach === 'unknown' && !this.isDue)
      this.log.warn('it cannot be asked how many nats-servers there are: not all may have said who is connected');
  }

  /**
   * How far the last sweep went: whom a server holds that said nothing was not looked at. One that is silent is counted by the
   * others for a while; one that was cut off for longer is there again, and not among those that answered.
   */
  private async reach(): Promise<'all' | 'some' | 'unknown'> {
    const { swept, log } = this;
    if (!swept) return 'all'; // nobody has looked yet, since it is not known who exists
    const cluster = await this.servers.cluster().catch(() => undefined);
    if (!cluster) return 'unknown';
    const silent = cluster.size - swept.size;
    if (silent > 0) log.warn({ silent }, 'not every nats-server has said who is connected; they are asked again');
    return silent > 0 || [...cluster.servers].some((id) => !swept.has(id)) ? 'some' : 'all';
  }

  private async kick(connection: Connection): Promise<void> {
    const { cid, name: identity } = connection;
    if (killPoint) await killPoint('kick.due', identity);
    await this.servers.disconnect(connection);
    this.log.info({ identity, cid }, 'disconnected: it is no longer admitted');
    if (killPoint) await killPoint('kick.done', identity);
  }
}

/** Whether a network has ended after `since` and up to `now`, both in milliseconds since 1970. */
export function endsBetween(networks: Iterable<Pick<NetworkWindow, 'endsAt'>>, since: number, now: number): boolean {
  for (const { endsAt } of networks) {
    if (endsAt === null) continue;
    const end = Date.parse(endsAt);
    if (end > since && end <= now) return true;
  }
  return false;
}
