import type { EventStore } from '@caravan/event-store';
import { assertNever } from '@caravan/event-store';
import { essenceOf, idOf, streamOf } from './unrecorded.js';
import type { TrustEvent, Unrecorded } from './unrecorded.js';
import type { RecordedMarks } from './recorded-marks.js';

/** Brings a row's event into the log. */
export interface Recorder {
  record(row: Unrecorded): Promise<void>;
}

/** For `init`, which runs before there is a log: the service records what it finds at its start. */
export const recordLater: Recorder = { record: () => Promise.resolve() };

/** The log knows another certificate by this id than the database does. */
export class ForeignLog extends Error {
  override readonly name = 'ForeignLog';

  constructor(event: TrustEvent) {
    super(
      `${streamOf(event)} in the log is not what the pki schema holds: one of them is another installation's, or was ` +
        'restored from an older backup. Restore the pki schema that belongs to this log',
    );
  }
}

const MAX_UNDECIDED = 10;

/** Appends at revision 0: the event is in the log once, whoever records it and however often. */
export class LogRecorder implements Recorder {
  constructor(
    private readonly log: EventStore,
    private readonly marks: Pick<RecordedMarks, 'add'>,
  ) {}

  async record({ event, metadata }: Unrecorded): Promise<void> {
    const options = { expectedRevision: 0, metadata, previousHash: null };
    for (let attempt = 1; ; attempt++) {
      const result = await this.log.append(streamOf(event), [event], options);
      switch (result.outcome) {
        case 'appended':
          // A duplicate was there before, like a conflict: ids are derived, so only reading tells whether it is ours.
          if (result.duplicate) await this.#expectSame(event);
          return this.marks.add(event);
        case 'conflict':
          await this.#expectSame(event);
          return this.marks.add(event);
        case 'undecided':
          // The next attempt finds out: the same command id, the same revision.
          if (attempt === MAX_UNDECIDED) throw new Error(`${idOf(event)} is not recorded yet: ${result.reason}`);
          await this.log.pause(attempt);
          break;
        default:
          assertNever(result);
      }
    }
  }

  async #expectSame(event: TrustEvent): Promise<void> {
    const { events } = await this.log.read(streamOf(event));
    const first = events[0] as TrustEvent | undefined;
    if (first?.type !== event.type || essenceOf(first) !== essenceOf(event)) throw new ForeignLog(event);
  }
}
