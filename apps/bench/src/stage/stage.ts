import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** The present process of a service or server of the installation. */
export function pidOf({ state }: TestInstallation, name: string): number {
  const { pid } = JSON.parse(readFileSync(join(state.run, `${name}.pid`), 'utf8')) as { pid: number };
  return pid;
}

/** A port of the installation, by the name under which it was chosen. */
export function portOf({ state }: TestInstallation, name: string): number {
  const port = (JSON.parse(readFileSync(state.portsFile, 'utf8')) as Record<string, number>)[name];
  if (port === undefined) throw new Error(`${state.portsFile} has no port called ${name}`);
  return port;
}
