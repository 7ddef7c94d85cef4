import { reportReplySchema, siteSubject } from '@caravan/events';
import type { Report } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { ask, ManagementAway } from '../control/index.js';
import type { ControlLink } from '../control/index.js';
import type { Log } from '../log.js';
import { Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { Troubles } from '../troubles.js';

export interface ReportingOptions {
  readonly siteId: string;
  readonly control: ControlLink;
  readonly report: () => Report;
  readonly troubles: Troubles;
  readonly log: Log;
  /** The heartbeat. */
  readonly everyMs: number;
  /** Changes within this time go into one report. */
  readonly gatherMs: number;
  readonly backOff?: BackOff;
}

/** Reports what this site observes: when connected, after each change, and as a heartbeat. */
export class Reporting {
  private readonly repeating: Repeating;

  constructor(private readonly options: ReportingOptions) {
    const { control, troubles, log, backOff } = options;
    this.repeating = new Repeating({
      work: () => this.send(),
      failed: (error) => {
        if (!(error instanceof ManagementAway)) log.warn({ err: error }, 'report not taken');
        troubles.set('report', error, new Date());
      },
      ...(backOff && { backOff }),
    });
    control.onChange((connected) => {
      if (connected) this.repeating.wake();
    });
  }

  start(): void {
    this.repeating.start();
  }

  /** What is reported may have changed. */
  changed(): void {
    this.repeating.wakeSoon(this.options.gatherMs);
  }

  stop(): Promise<void> {
    return this.repeating.stop();
  }

  private async send(): Promise<number | undefined> {
    const { control, siteId, report, troubles, everyMs } = this.options;
    if (!control.connected) return undefined;
    if (killPoint) await killPoint('report.sending');
    await ask(control, siteSubject(siteId, 'report'), report(), reportReplySchema);
    troubles.clear('report');
    return everyMs;
  }
}
