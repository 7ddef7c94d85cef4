import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { createInbox, nanos } from '@nats-io/nats-core';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { LOG_STREAM } from './log-setup.js';
import { deliveryOf } from './raw-commit.js';
import type { RawCommit } from './raw-commit.js';

export interface OrderedDelivery {
  /** The first position that is wanted. */
  readonly from: number;
  /** Only this stream; default: the whole log. */
  readonly only?: string;
  /** Commits in the order of the log. Called from the connection's own callback: to be quick. */
  readonly deliver: (commit: RawCommit) => void;
  /** The server wants to know whether what it sent so far was dealt with; it pauses until `go` is called. */
  readonly flow?: (go: () => void) => void;
  /** Something was lost, or the server went silent: open another one behind the last commit. Called once. */
  readonly broken: (reason: string) => void;
}

const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 3 * HEARTBEAT_MS;
const ABANDONED_MS = 5_000; // after which the server forgets a consumer that nobody listens to

/**
 * Lets the server push a part of the log in order, by an ephemeral consumer without acknowledgements. It is made by
 * `$JS.API.CONSUMER.CREATE.<stream>` and pushed, which needs no permission to take from consumers or to delete them: that
 * could not be kept to one's own, since ephemeral consumers have random names. Flow control bounds what is under way.
 * @returns the function that ends it.
 */
export async function openOrderedDelivery(
  nc: NatsConnection,
  manager: JetStreamManager,
  { from, only, deliver, flow = (go) => go(), broken }: OrderedDelivery,
): Promise<() => void> {
  let delivered = 0;
  let ended = false;
  let lastHeard = performance.now();
  const end = () => {
    ended = true;
    clearInterval(watch);
    (status as { stop?: () => void }).stop?.();
    subscription.unsubscribe();
  };
  const fail = (reason: string) => {
    if (ended) return;
    end();
    broken(reason);
  };
  const receive = (message: Msg) => {
    lastHeard = performance.now();
    // First what nearly all of them are, without a look at the headers.
    const commit = deliveryOf(message);
    if (!commit) return word(message);
    if (commit.delivery !== delivered + 1) return fail(`delivery ${commit.delivery} follows ${delivered}`);
    delivered = commit.delivery;
    deliver(commit);
  };
  const word = (message: Msg) => {
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === 100) control(message);
    else fail(`the server ended the consumer (${code} ${description})`);
  };
  const control = (message: Msg) => {
    const stalled = message.headers?.get('Nats-Consumer-Stalled');
    if (message.reply) flow(() => !nc.isClosed() && message.respond());
    else if (stalled) flow(() => !nc.isClosed() && nc.publish(stalled));
    const sent = message.headers?.get('Nats-Last-Consumer');
    if (sent && Number(sent) !== delivered) fail(`${sent} were sent and ${delivered} arrived`);
  };
  // What was under way when the connection broke is lost, and a server that restarted has forgotten the consumer.
  const status = nc.status();
  void (async () => {
    for await (const { type } of status) if (type === 'reconnect') fail('the connection was lost for a moment');
  })();
  const inbox = createInbox((nc as unknown as { options?: { inboxPrefix?: string } }).options?.inboxPrefix);
  const subscription = nc.subscribe(inbox, {
    callback: (error, message) => {
      if (error) fail(error.message);
      else if (!ended) receive(message);
    },
  });
  const watch = setInterval(() => {
    if (performance.now() - lastHeard > SILENCE_MS) fail(`nothing was heard for ${SILENCE_MS / 1000} s`);
  }, HEARTBEAT_MS);
  watch.unref();
  try {
    await manager.consumers.add(LOG_STREAM, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      deliver_subject: inbox,
      flow_control: true,
      idle_heartbeat: nanos(HEARTBEAT_MS),
      inactive_threshold: nanos(ABANDONED_MS),
      max_deliver: 1,
      mem_storage: true,
      num_replicas: 1,
      ...(only === undefined ? {} : { filter_subject: only }),
    });
  } catch (error) {
    end();
    throw error;
  }
  return end;
}
