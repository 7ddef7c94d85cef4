import type { Actor } from '@caravan/events';
import type { CommandMetadata } from '@caravan/event-store';
import { derivedId } from '@caravan/platform';

/** Metadata of a command that a site leads to. The same `what` by the same site is the same command. */
export function siteMetadata(actor: Actor, what: readonly [string, ...string[]], now: Date): CommandMetadata {
  const commandId = derivedId(...what);
  return {
    commandId,
    now,
    actor,
    via: 'site-protocol',
    source: 'management-controller',
    correlationId: commandId,
    causationId: commandId,
    ownerGroup: null,
  };
}
