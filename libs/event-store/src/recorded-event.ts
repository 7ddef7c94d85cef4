import type { Event, StreamName } from '@caravan/events';
import type { CommitMetadata } from './metadata.js';

/** Where and how an event stands in the log. */
export interface Recorded {
  readonly stream: StreamName;
  /** The log position (stream sequence) of its commit: one number everywhere. */
  readonly position: number;
  /** Its place in the commit, from 0. */
  readonly index: number;
  /** When it was decided, ISO-8601 UTC. */
  readonly at: string;
  readonly metadata: CommitMetadata;
}

/** An event that is in the log. */
export type RecordedEvent<E extends Event = Event> = E & Recorded;

/** What a consequence of this event carries as `causationId`: `<stream>@<position>#<index>`. */
export const causeOf = ({ stream, position, index }: Recorded): string => `${stream}@${position}#${index}`;
