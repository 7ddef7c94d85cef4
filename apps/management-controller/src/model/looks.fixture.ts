import { watchMetadata } from '../deciding/metadata.js';
import { endsDue } from '../networks/network-ends.js';
import { NetworkTeardown } from '../networks/network-teardown.js';
import type { Process } from './processes.fixture.js';

export const clockAt = (now: Date) => ({ now: () => now });

/** What a look at the networks does. */
export async function endNetworks({ deciders, store, directory }: Process, now: Date): Promise<void> {
  for (const { networkId, what } of endsDue(directory, now)) {
    const metadata = watchMetadata(['network', what, networkId], now);
    await deciders.network({ type: what, networkId, metadata });
  }
  const teardown = new NetworkTeardown(deciders, store, clockAt(now));
  for (const networkId of directory.leaving) await teardown.of(networkId);
}
