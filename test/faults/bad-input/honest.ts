import { siteSubject } from '@caravan/events';
import { ask, connectAsSite, newKey } from '@caravan/testing/installation';
import type { Stage } from './stage.js';

/** What those met who did nothing wrong, while others did. */
export interface Met {
  readonly faults: readonly string[];
  /** How long each of them waited, in milliseconds. */
  readonly waits: readonly number[];
}

/**
 * While `work` is under way: a claimant that comes again with its key, another member that asks for its state, and a request across
 * the network, each over and over.
 */
export async function besideHonest(stage: Stage, work: () => Promise<void>): Promise<Met> {
  const { csr, key } = newKey('honest');
  const answer = await stage.claim(csr);
  const credential = { chain: answer['chain'] as string[], key };
  const nats = await connectAsSite(stage.installation, credential);
  const subject = siteSubject(String(answer['siteId']), 'sync');
  const faults: string[] = [];
  const waits: number[] = [];
  let isOver = false;
  const does: Readonly<Record<string, () => Promise<boolean>>> = {
    'a claim': async () => (await stage.claim(csr))['status'] === 'admitted',
    'a sync': async () => 'items' in (await ask(nats, subject, { capability: 1, revision: 0 })),
    'a request across the network': async () => (await stage.request()) === true,
  };
  const going = Object.entries(does).map(async ([what, work]) => {
    while (!isOver) {
      const started = performance.now();
      const isDone = await work().catch((error: unknown) => (faults.push(`${what}: ${String(error)}`), false));
      waits.push(performance.now() - started);
      if (!isDone) faults.push(`${what} was not answered as it should be`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(going);
    await nats.close();
  }
  return { faults, waits };
}
