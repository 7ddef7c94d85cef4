import type { Configuration, DataPlane } from '@caravan/data-plane';
import { killPoint } from '@caravan/kill-points';
import type { Log } from '../log.js';
import { Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { Troubles } from '../troubles.js';

export interface Wanted {
  readonly configuration: Configuration;
  /** The log position that it is of. */
  readonly revision: number;
  /** Whether the management plane has said since this site's start that it is so. */
  readonly isHeard: boolean;
}

export interface ApplyingOptions {
  readonly dataPlane: Pick<DataPlane, 'apply'>;
  /** Keeps a configuration for the data plane's next start, before this one is given it. Default: nobody does. */
  readonly keep?: (wanted: Wanted) => Promise<void>;
  /** What the data plane shall be now; undefined while there is nothing to be. */
  readonly wanted: () => Wanted | undefined;
  readonly applied: () => void;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly backOff?: BackOff;
}

/** Makes the data plane what it shall be, again after each change and after each of its restarts: it remembers nothing. */
export class Applying {
  private revision = 0;
  private readonly repeating: Repeating;

  constructor(private readonly options: ApplyingOptions) {
    const { backOff, troubles, log } = options;
    this.repeating = new Repeating({
      work: () => this.apply(),
      failed: (error) => {
        troubles.set('relay', error, new Date());
        log.warn({ err: error }, 'the relay did not take its configuration');
      },
      ...(backOff && { backOff }),
    });
  }

  /** The position of what the data plane was given last. */
  get appliedRevision(): number {
    return this.revision;
  }

  start(): void {
    this.repeating.start();
  }

  /** Something that it stands on has changed, or the data plane is a new one. */
  again(): void {
    this.repeating.wake();
  }

  stop(): Promise<void> {
    return this.repeating.stop();
  }

  private async apply(): Promise<undefined> {
    const wanted = this.options.wanted();
    if (!wanted) return;
    if (killPoint) await killPoint('configuration.sending', wanted.configuration.siteId);
    await this.options.keep?.(wanted);
    await this.options.dataPlane.apply(wanted.configuration);
    if (killPoint) await killPoint('configuration.taken', wanted.configuration.siteId);
    this.options.troubles.clear('relay');
    if (this.revision !== wanted.revision)
      this.options.log.info({ revision: wanted.revision }, 'desired state applied');
    this.revision = wanted.revision;
    this.options.applied();
  }
}
