import type { Actor } from '@caravan/events';
import type { CommandMetadata } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';

const SOURCE = 'management-controller';

/** A further command of the same request, with an id of its own that follows from the request's. */
export const step = (metadata: CommandMetadata, ...what: string[]): CommandMetadata => ({
  ...metadata,
  commandId: derivedId('step', metadata.commandId, ...what),
  causationId: metadata.commandId,
});

/** Metadata of a command that a site leads to. The same `what` by the same site is the same command. */
export const siteMetadata = (actor: Actor, what: readonly [string, ...string[]], now: Date): CommandMetadata =>
  begun(actor, 'site-protocol', derivedId(...what), now);

/** Metadata of what this service does by itself because of what it has seen. The same `what` is the same command. */
export const watchMetadata = (what: readonly [string, ...string[]], now: Date): CommandMetadata =>
  begun({ kind: 'service', id: SOURCE }, 'reaction', derivedId(...what), now);

/** Metadata of what this service does by itself when it starts. */
export const startupMetadata = (what: readonly [string, ...string[]], now: Date): CommandMetadata =>
  begun({ kind: 'service', id: SOURCE }, 'startup', derivedId(...what, now.toISOString()), now);

const begun = (actor: Actor, via: CommandMetadata['via'], commandId: string, now: Date): CommandMetadata => ({
  commandId,
  now,
  actor,
  via,
  source: SOURCE,
  correlationId: commandId,
  causationId: commandId,
  ownerGroup: null,
});
