import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, nanos } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { LOG_STREAM } from '@caravan/event-store/jetstream';

/**
 * Reads the whole log as a projection has it delivered (pushed in order, without acknowledgements, with flow control), and looks
 * at nothing of it: as fast as reading can be. Resolves with the seconds that it took.
 */
export async function readRaw(nc: NatsConnection, inboxPrefix: string): Promise<number> {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  const last = (await manager.streams.info(LOG_STREAM)).state.last_seq;
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    let seen = 0;
    const inbox = createInbox(inboxPrefix);
    const subscription = nc.subscribe(inbox, {
      callback: (error, message) => {
        if (error) return reject(error);
        const stalled = message.headers?.get('Nats-Consumer-Stalled');
        if (message.headers?.code === 100) {
          if (message.reply) message.respond();
          else if (stalled) nc.publish(stalled);
          return;
        }
        if (++seen < last) return;
        subscription.unsubscribe();
        resolve();
      },
    });
    manager.consumers
      .add(LOG_STREAM, {
        ack_policy: AckPolicy.None,
        deliver_policy: DeliverPolicy.All,
        deliver_subject: inbox,
        flow_control: true,
        idle_heartbeat: nanos(2_000),
        inactive_threshold: nanos(5_000),
        max_deliver: 1,
        mem_storage: true,
        num_replicas: 1,
      })
      .catch(reject);
  });
  return (performance.now() - start) / 1000;
}
