import type { Actor, Commit } from '@caravan/events';

/** Who, why and when: it comes in with the command, since a decider has neither a clock nor ids of its own. */
export interface CommandMetadata {
  /** Resending a command with the same id has no second effect. */
  readonly commandId: string;
  readonly now: Date;
  readonly actor: Actor;
  readonly via: Commit['via'];
  /** The service that handles it. */
  readonly source: string;
  /** Why, in the words of whoever asked. */
  readonly reason?: string | undefined;
  /** What all consequences of one request share. */
  readonly correlationId: string;
  /** The command or event (`causeOf(event)`) that led to this. */
  readonly causationId: string;
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** The owner group on whose behalf it is done; null: the installation. */
  readonly ownerGroup: string | null;
}

/** What a commit keeps of its command's metadata. */
export type CommitMetadata = Omit<CommandMetadata, 'now'>;

/** The part of the metadata that is stored beside the events; the time is stored as `at`. */
export const commitMetadata = (metadata: CommitMetadata): CommitMetadata => ({
  commandId: metadata.commandId,
  actor: metadata.actor,
  via: metadata.via,
  source: metadata.source,
  ...(metadata.reason === undefined ? {} : { reason: metadata.reason }),
  correlationId: metadata.correlationId,
  causationId: metadata.causationId,
  ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
  ownerGroup: metadata.ownerGroup,
});
