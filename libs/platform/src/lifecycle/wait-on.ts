import { setTimeout as sleep } from 'node:timers/promises';

/** The service was told to end while it waited for something that is away. */
export class Ended extends Error {
  override readonly name = 'Ended';

  constructor() {
    super('the service is to end');
  }
}

/** Lets time pass before the next try. @throws Ended when the service is to end. */
export async function waitOn(ms: number, ending: AbortSignal | undefined): Promise<void> {
  if (ending) await sleep(ms, undefined, { signal: ending }).catch(() => undefined);
  else await sleep(ms);
  if (ending?.aborted) throw new Ended();
}
