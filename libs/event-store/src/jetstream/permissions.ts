import { contextSubjects, LOG_SUBJECTS } from '@caravan/events';
import { LOG_STREAM } from './log-setup.js';

export interface LogUse {
  /** The contexts whose events the service appends. */
  readonly writes: readonly string[];
  /** Whether it reads the log: streams (deciders do), folds, projections. Readers see all contexts. */
  readonly reads: boolean;
  /** The durable names of its reactions. */
  readonly reactions: readonly string[];
  /** The inbox prefix of its connection. Default `_INBOX`. */
  readonly inboxPrefix?: string;
}

/** For a user in nats-server's configuration: `permissions { publish: { allow: [...] }, subscribe: { allow: [...] } }`. */
export interface SubjectPermissions {
  readonly publish: string[];
  readonly subscribe: string[];
}

const api = (rest: string) => `$JS.API.${rest}`;

/**
 * What a service needs, and no more.
 *
 * | for | publishes to |
 * |---|---|
 * | appending | `caravan.evt.<context>.>` |
 * | `checkLog`, all below | `$JS.API.STREAM.INFO.CARAVAN` |
 * | reading a stream, comparing a position | `$JS.API.STREAM.MSG.GET.CARAVAN` |
 * | long streams, fold, projection | `$JS.API.CONSUMER.CREATE.CARAVAN` (makes ephemeral consumers), `$JS.FC.CARAVAN.>` (flow control) |
 * | reaction `<d>` | `$JS.API.CONSUMER.DURABLE.CREATE.CARAVAN.<d>`, `$JS.API.CONSUMER.MSG.NEXT.CARAVAN.<d>`, `$JS.API.CONSUMER.INFO.CARAVAN.<d>`, `$JS.ACK.CARAVAN.<d>.>` and, with accounts in it, `$JS.ACK.*.*.CARAVAN.<d>.>` |
 *
 * and subscribes to its inbox, and readers to `caravan.evt.>` (`waitForStream`: notices of appends).
 *
 * It cannot write another context's events, take from or delete another's durable, change or delete the log or a message in it.
 * What it still could, if it were hostile: have the log delivered to a subject outside the log, and change another's durable
 * by giving its name to an "ephemeral" consumer (nats-server looks the name up in the body, where permissions do not reach).
 * Services of the management plane are trusted with that much; sites have an account of their own.
 */
export function logPermissions({ writes, reads, reactions, inboxPrefix = '_INBOX' }: LogUse): SubjectPermissions {
  const any = reads || reactions.length > 0;
  return {
    publish: [
      ...writes.map((context) => contextSubjects(context)),
      api(`STREAM.INFO.${LOG_STREAM}`),
      ...(any ? [api(`STREAM.MSG.GET.${LOG_STREAM}`)] : []),
      ...(reads ? [api(`CONSUMER.CREATE.${LOG_STREAM}`), `$JS.FC.${LOG_STREAM}.>`] : []),
      ...reactions.flatMap((durable) => [
        api(`CONSUMER.DURABLE.CREATE.${LOG_STREAM}.${durable}`),
        api(`CONSUMER.MSG.NEXT.${LOG_STREAM}.${durable}`),
        api(`CONSUMER.INFO.${LOG_STREAM}.${durable}`),
        `$JS.ACK.${LOG_STREAM}.${durable}.>`,
        `$JS.ACK.*.*.${LOG_STREAM}.${durable}.>`,
      ]),
    ],
    subscribe: [`${inboxPrefix}.>`, ...(reads ? [LOG_SUBJECTS] : [])],
  };
}
