import { TestInstallation } from '@caravan/testing/installation';
import type { TestInstallationOptions } from '@caravan/testing/installation';
import type { BenchmarkOptions } from '../benchmark.js';

/** Runs `work` on an installation of its own, and leaves nothing behind, also when it is interrupted. */
export async function onStage<T>(
  { signal }: BenchmarkOptions,
  options: TestInstallationOptions,
  work: (installation: TestInstallation) => Promise<T>,
): Promise<T> {
  const installation = await TestInstallation.start(options);
  try {
    return await Promise.race([work(installation), interrupted(signal)]);
  } finally {
    await installation.stop();
  }
}

const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(new Error('it was interrupted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
