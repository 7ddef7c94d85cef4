import {
  BackboneDeleted,
  backboneStream,
  NetworkDeleted,
  NetworkEnded,
  NetworkRevoked,
  networkStream,
} from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import type { AuthorityRequest } from './issuer.js';

/** Those whose authorities are signed elsewhere. */
export interface Owners {
  /** For good: nobody needs to sign anything for them any more. */
  areGone(request: Pick<AuthorityRequest, 'backboneId' | 'networkId'>): Promise<boolean>;
}

const GONE: ReadonlySet<string> = new Set(
  [BackboneDeleted, NetworkDeleted, NetworkEnded, NetworkRevoked].map(({ type }) => type),
);

export class RecordedOwners implements Owners {
  constructor(private readonly log: Pick<EventStore, 'read'>) {}

  /** A backbone is not deleted before its networks are, so that the stream of the nearest owner says it. */
  async areGone({ backboneId, networkId }: Pick<AuthorityRequest, 'backboneId' | 'networkId'>): Promise<boolean> {
    const stream =
      networkId !== null ? networkStream(networkId) : backboneId !== null ? backboneStream(backboneId) : null;
    if (stream === null) return false;
    return (await this.log.read(stream)).events.some(({ type }) => GONE.has(type));
  }
}

/** Before there is a log, nobody is known. */
export const NOBODY_GONE: Owners = { areGone: () => Promise.resolve(false) };
