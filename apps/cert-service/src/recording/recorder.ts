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

interface StreamEnd {
  readonly expectedRevision: number;
  readonly previousHash: string | null;
}

/** Appends at revision 0: the event is in the log once, whoever records it and however often. */
export class LogRecorder implements Recorder {
  constructor(
    private readonly log: EventStore,
    private readonly marks: Pick<RecordedMarks, 'add'>,
  ) {}

  async record({ event, metadata }: Unrecorded): Promise<void> {
    let end: StreamEnd = { expectedRevision: 0, previousHash: null };
    for (let attempt = 1; ; attempt++) {
      const result = await this.log.append(streamOf(event), [event], { ...end, metadata });
      switch (result.outcome) {
        case 'appended':
          // A duplicate was there before, like a conflict: ids are derived, so only reading tells whether it is ours.
          if (result.duplicate) await this.#endWithout(event);
          return this.marks.add(event);
        case 'conflict': {
          const behind = await this.#endWithout(event);
          if (!behind) return this.marks.add(event);
          if (attempt === MAX_UNDECIDED) throw new Error(`${idOf(event)} is not recorded yet: its stream changes`);
          end = behind;
          break;
        }
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

  /**
   * Where the stream ends, if all that it has is passed over; undefined: the event is in it.
   * @throws ForeignLog when another one is.
   */
  async #endWithout(event: TrustEvent): Promise<StreamEnd | undefined> {
    const { events, revision, lastCommitHash } = await this.log.read(streamOf(event));
    const first = events[0] as TrustEvent | undefined;
    if (!first) return { expectedRevision: revision, previousHash: lastCommitHash };
    if (first.type !== event.type || essenceOf(first) !== essenceOf(event)) throw new ForeignLog(event);
    return undefined;
  }
}
