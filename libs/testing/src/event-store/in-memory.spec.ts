import { InMemoryEventStore } from '@caravan/event-store';
import { eventStoreContract } from './index.js';

eventStoreContract('the in-memory store', (registry) => {
  const store = new InMemoryEventStore({ registry });
  return { store, raw: async (stream) => store.raw(stream), appendRaw: async (...entry) => store.appendRaw(...entry) };
});
