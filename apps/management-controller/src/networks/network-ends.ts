import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import type { Looking } from '../directory/looking.js';
import type { NetworkEntry } from '../directory/entries.js';
import { NetworkTeardown } from './network-teardown.js';
import { phaseOf } from './window.js';

/** Relays end a network by their own clocks; so much later the log says it. */
const LOOK_EVERY_MS = 1_000;

/**
 * What becomes of networks by the time alone: their ends are recorded, and they are taken apart when their delay is over. No timer is kept:
 * each look asks of every network what is due by the clock as it is now, however long nobody looked and wherever the clock was set. Any number
 * of replicas may look: a network's stream takes each step once.
 */
@Injectable()
export class NetworkEnds {
  readonly #looks: readonly Pick<Looking, 'isOver'>[];

  constructor(
    private readonly deciders: Deciders,
    private readonly teardown: NetworkTeardown,
    private readonly directory: Directory,
    @Inject(DirectoryFold) fold: Pick<DirectoryFold, 'lookAgain'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {
    // A large network is long in going, and none ends later for it.
    this.#looks = [() => this.look(), () => this.clearAway()].map((look) => fold.lookAgain(look, LOOK_EVERY_MS));
  }

  /** What fails now is done at the next look. */
  async look(): Promise<void> {
    const now = this.clock.now();
    for (const { networkId, what } of endsDue(this.directory, now)) await this.#do(networkId, what);
  }

  /** Takes apart what is being deleted or was evicted. What fails now is done at the next look. */
  async clearAway(): Promise<void> {
    for (const networkId of [...this.directory.leaving]) await this.#do(networkId, 'teardown');
  }

  async #do(networkId: string, what: Due | 'teardown'): Promise<void> {
    if (this.#looks.some(({ isOver }) => isOver)) return;
    try {
      if (what === 'teardown') await this.teardown.of(networkId);
      else {
        const metadata = watchMetadata(['network', what, networkId], this.clock.now());
        const { events } = await this.deciders.network({ type: what, networkId, metadata });
        if (events.length > 0) this.service.log.info({ networkId, what }, 'a network was ended by the time');
      }
    } catch (error) {
      this.service.log.warn(
        { err: error, networkId, what },
        'not done yet for a network that is over; it is looked at again',
      );
    }
  }
}

type Due = 'RecordNetworkEnd' | 'DeleteNetwork';

/** What the time asks for now. Pure. */
export const endsDue = ({ networks }: Pick<Directory, 'networks'>, now: Date) =>
  [...networks].flatMap(([networkId, network]) => {
    const what = dueOf(network, now);
    return what ? [{ networkId, what }] : [];
  });

function dueOf(network: NetworkEntry, now: Date): Due | undefined {
  const { endsAt, deleteAfterSeconds, endedAt } = network;
  if (endsAt === null || phaseOf(network, now) !== 'ended') return undefined;
  if (!endedAt) return 'RecordNetworkEnd';
  const over = Math.max(Date.parse(endsAt), Date.parse(endedAt));
  return over + deleteAfterSeconds * 1_000 <= now.getTime() ? 'DeleteNetwork' : undefined;
}
