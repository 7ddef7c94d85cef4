import { AckPolicy, DeliverPolicy, JetStreamApiError } from '@nats-io/jetstream';
import type { ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { categorySubjects } from '@caravan/events';
import type { EventRegistry } from '../event-registry.js';
import { LOG_STREAM } from './log-setup.js';

interface ReactionDurable {
  readonly durable: string;
  readonly registry: EventRegistry;
  readonly types: readonly string[];
  readonly from: 'beginning' | 'now';
  readonly ackWaitMs: number;
}

const ALREADY_EXISTS = 10148;

/**
 * Makes the durable, or brings the one that is there up to date: filters follow the handlers. A durable that gets a further
 * aggregate sees that one's events from where it stands, not from the beginning.
 */
export async function addReactionConsumer(
  manager: JetStreamManager,
  { durable, registry, types, from, ackWaitMs }: ReactionDurable,
): Promise<ConsumerInfo> {
  const filters = types.map((type) => categorySubjects(registry.types.get(type)!.category));
  const config: Partial<ConsumerConfig> = {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    deliver_policy: from === 'now' ? DeliverPolicy.New : DeliverPolicy.All,
    filter_subjects: [...new Set(filters)].sort(),
    max_ack_pending: 512, // with those that wait for another try
    max_deliver: -1, // giving up is decided here, not by the server
  };
  try {
    return await manager.consumers.add(LOG_STREAM, config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== ALREADY_EXISTS) throw error;
    // The client's own `update` first reads the consumer, which this service need not be permitted to.
    const update = { action: 'update' } as object;
    return await manager.consumers.add(LOG_STREAM, config, update);
  }
}
