import { InMemoryEventStore } from '@caravan/event-store';
import { createCsr, generateKeyPair } from '@caravan/pki';
import { Issuing } from '../certificates/issuing.js';
import { Deciders } from '../deciding/deciders.js';
import { answering } from '../desired-state/desired-state.fixture.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import type { Recoveries } from './recoveries.js';

/** A request for a certificate, with a key of its own. */
export const newCsr = (): string => createCsr({ subject: { commonName: 'anything' }, keyPair: generateKeyPair() });

/** Each claim is answered with its first certificate: none of those is over. */
export const nobodyComesBack = { afterClaim: () => Promise.resolve(undefined) } as unknown as Recoveries;

/** Gives up waiting for cert-service at once: who asks here is told to come again. */
class Unsigned extends Issuing {
  override async within(): Promise<undefined> {
    return undefined;
  }
}

/** What an endpoint for sites stands on: a log with nothing in it yet, lists that are never behind, and nobody who signs. */
export function ground(items: readonly unknown[] = []) {
  const store = new InMemoryEventStore();
  const directory = new Directory();
  return {
    store,
    directory,
    deciders: new Deciders(store),
    current: new CurrentDirectory(directory, { catchUp: async () => true }),
    issuing: new Unsigned(store),
    desiredState: answering({ revision: 1, items }).desiredState,
  };
}
