import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { StreamName } from '@caravan/events';
import { messageOf } from './message-of.js';
import { openOrderedDelivery } from './ordered-delivery.js';
import { LogError } from '../rejection.js';
import type { RawCommit } from './raw-commit.js';

export { messageOf };

/**
 * One by one a commit costs a round trip, an ephemeral consumer costs three or four and then next to nothing: measured, the
 * consumer wins from some five commits on.
 */
const ONE_BY_ONE = 4;

/** The commits of one stream behind `after`, up to and including the position `last`, which is known to be one of them. */
export async function readCommits(
  nc: NatsConnection,
  manager: JetStreamManager,
  stream: StreamName,
  after: number,
  last: number,
): Promise<RawCommit[]> {
  const commits: RawCommit[] = [];
  let position = after;
  for (let n = 0; n < ONE_BY_ONE && position < last; n++) {
    const next = await messageOf(manager, { next_by_subj: stream, seq: position + 1 });
    if (!next) return commits;
    position = next.seq;
    if (position <= last) commits.push({ stream, position, bytes: next.data });
  }
  if (position < last) commits.push(...(await readMany(nc, manager, stream, position + 1, last)));
  return commits;
}

async function readMany(
  nc: NatsConnection,
  manager: JetStreamManager,
  stream: StreamName,
  from: number,
  last: number,
): Promise<RawCommit[]> {
  const commits: RawCommit[] = [];
  for (let attempt = 1; ; attempt++) {
    const broken = await deliverUntil(nc, manager, stream, (commits.at(-1)?.position ?? from - 1) + 1, last, commits);
    if (!broken) return commits;
    if (attempt === 3) throw new LogError('log.unavailable', `${stream} cannot be read: ${broken}. Is nats-server up?`);
  }
}

/** Adds to `commits` until `last` was reached (and gives undefined) or the delivery broke (and says why). */
async function deliverUntil(
  nc: NatsConnection,
  manager: JetStreamManager,
  stream: StreamName,
  from: number,
  last: number,
  commits: RawCommit[],
): Promise<string | undefined> {
  let finish: (broken?: string) => void = () => undefined;
  const finished = new Promise<string | undefined>((resolve) => (finish = resolve));
  const end = await openOrderedDelivery(nc, manager, {
    from,
    only: stream,
    deliver: (commit) => {
      if (commit.position <= last) commits.push(commit);
      if (commit.position >= last) finish();
    },
    broken: finish,
  });
  try {
    return await finished;
  } finally {
    end();
  }
}
