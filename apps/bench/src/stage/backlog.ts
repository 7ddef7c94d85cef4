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

/** How many commits a reaction has not dealt with yet, as the server's monitoring port counts; undefined before it has begun. */
async function backlogOf(monitorPort: number, durable: string): Promise<number | undefined> {
  const answer = await fetch(`http://127.0.0.1:${monitorPort}/jsz?consumers=true&accounts=true`);
  const { account_details: accounts = [] } = (await answer.json()) as Jsz;
  const consumers = accounts.flatMap(({ stream_detail: streams = [] }) =>
    streams.flatMap(({ consumer_detail: details = [] }) => details),
  );
  const consumer = consumers.find(({ name }) => name === durable);
  return consumer && consumer.num_pending + consumer.num_ack_pending;
}

/** Resolves when the reaction has dealt with all that is in the log. */
export async function caughtUp(monitorPort: number, durable: string, signal: AbortSignal): Promise<void> {
  while ((await backlogOf(monitorPort, durable)) !== 0) await pause(50, undefined, { signal });
}
