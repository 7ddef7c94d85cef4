import { setTimeout as pause } from 'node:timers/promises';

interface Jsz {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly {
      readonly consumer_detail?: readonly {
        readonly name: string;
        readonly num_pending: number;
        readonly num_ack_pending: number;
      }[];
    }[];
  }[];
}

const ANSWER_WITHIN_MS = 10_000;
/** So long may the same number of commits be left before something is broken. */
const STUCK_MS = 120_000;

interface Backlog {
  readonly waiting: number;
  readonly unacknowledged: number;
}

/** What a reaction has not dealt with yet, as the server's monitoring port counts; undefined before it has begun. */
async function backlogOf(monitorPort: number, durable: string): Promise<Backlog | undefined> {
  const answer = await fetch(`http://127.0.0.1:${monitorPort}/jsz?consumers=true&accounts=true`, {
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const { account_details: accounts = [] } = (await answer.json()) as Jsz;
  const consumers = accounts.flatMap(({ stream_detail: streams = [] }) =>
    streams.flatMap(({ consumer_detail: details = [] }) => details),
  );
  const consumer = consumers.find(({ name }) => name === durable);
  return consumer && { waiting: consumer.num_pending, unacknowledged: consumer.num_ack_pending };
}

/** Resolves when the reaction has dealt with all that is in the log. Throws when it no longer gets on, and says where it stands. */
export async function caughtUp(monitorPort: number, durable: string, signal: AbortSignal): Promise<void> {
  let [left, since] = ['', performance.now()];
  for (;;) {
    const backlog = await backlogOf(monitorPort, durable);
    if (backlog?.waiting === 0 && backlog.unacknowledged === 0) return;
    const now = backlog ? `${backlog.waiting} waiting, ${backlog.unacknowledged} unacknowledged` : 'not begun';
    if (now !== left) [left, since] = [now, performance.now()];
    else if (performance.now() - since > STUCK_MS) throw new Error(`${durable} does not get on: ${now}`);
    await pause(50, undefined, { signal });
  }
}
