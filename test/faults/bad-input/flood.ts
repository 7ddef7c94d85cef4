import { siteSubject } from '@caravan/events';
import { createInbox } from '@nats-io/transport-node';
import type { Stage } from './stage.js';

/** How many messages the server is given at a time: more than it takes in at once, and less than it holds against the sender. */
const AT_A_TIME = 500;

/**
 * One member sends `count` messages on its own subjects as fast as the server takes them, half of them good, and waits for no
 * answer though it names a place for it. @returns how many were sent each second
 */
export async function flood({ member: { nats, id } }: Stage, count: number): Promise<number> {
  const reply = createInbox(); // nobody listens there
  const messages = ['{"capability":1,"revision":0}', 'x'.repeat(1_000)];
  const started = performance.now();
  for (let sent = 0; sent < count; sent += AT_A_TIME) {
    for (let index = 0; index < AT_A_TIME; index++) {
      const topic = index % 4 < 2 ? 'sync' : 'report';
      nats.publish(siteSubject(id, topic), messages[index % 2], { reply });
    }
    await nats.flush();
  }
  return (1_000 * count) / (performance.now() - started);
}
