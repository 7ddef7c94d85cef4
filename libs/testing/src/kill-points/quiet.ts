import type { Pool } from 'pg';
import { z } from 'zod';
import { eventually } from '../eventually.js';
import type { TestInstallation } from '../installation/index.js';
import { natsMonitorOf } from './servers.js';

/** What nats-server says of the log and of who reacts to it (`/jsz`). */
const jszSchema = z.object({
  account_details: z.array(
    z.object({
      stream_detail: z.array(
        z.object({
          state: z.object({ last_seq: z.int() }),
          consumer_detail: z
            .array(z.object({ name: z.string(), num_ack_pending: z.int(), num_pending: z.int() }))
            .optional(),
        }),
      ),
    }),
  ),
});

interface Progress {
  readonly end: number;
  /** Why it is not quiet, in words. */
  readonly busy: readonly string[];
}

/**
 * Resolves with the position of the log's end once nothing is left to do: every reaction has had its effect on everything,
 * the projections show it, and no more has come meanwhile.
 */
export async function quiet(installation: TestInstallation, pool: Pool): Promise<number> {
  let before = -1;
  let busy: readonly string[] = [];
  const settled = async () => {
    const progress = await progressOf(installation, pool).catch((error: Error) => ({ end: -1, busy: [error.message] }));
    busy = progress.busy;
    const same = progress.end === before && busy.length === 0;
    before = progress.end;
    return same ? progress.end : undefined;
  };
  return eventually('nothing is left to do', settled).catch((error: Error) => {
    throw new Error(`${error.message} (${busy.join(', ')})`);
  });
}

async function progressOf(installation: TestInstallation, pool: Pool): Promise<Progress> {
  const answer = await fetch(`${natsMonitorOf(installation)}/jsz?accounts=true&streams=true&consumers=true`);
  const { account_details: accounts } = jszSchema.parse(await answer.json());
  const [log] = accounts.flatMap(({ stream_detail: streams }) => streams);
  if (!log) throw new Error('there is no log');
  const { rows } = await pool.query<{ position: string }>('select position from management.projection_checkpoint');
  const end = log.state.last_seq;
  const shown = Number(rows[0]?.position ?? 0);
  const reactions = (log.consumer_detail ?? []).filter(({ name }) =>
    /^(management-controller|cert-service)-/.test(name),
  );
  return {
    end,
    busy: [
      ...(shown < end ? [`the projections show ${shown} of ${end}`] : []),
      ...reactions
        .filter((each) => each.num_ack_pending + each.num_pending > 0)
        .map((each) => `${each.name} has ${each.num_ack_pending} in hand and ${each.num_pending} before it`),
    ],
  };
}
