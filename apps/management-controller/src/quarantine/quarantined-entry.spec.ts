import { describe, it } from 'vitest';
import { QuarantinedEntryDiscarded, quarantinedEntryEvents, QuarantinedEntryRetried } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { quarantinedEntry } from './quarantined-entry.js';
import type { QuarantinedEntryCommand } from './quarantined-entry.js';

const { given } = specification(quarantinedEntry, quarantinedEntryEvents);
const entry = { reaction: 'cert-service-issuing', position: 7, stream: 'caravan.evt.x.y.z' };
const retried = QuarantinedEntryRetried(entry);
const discarded = QuarantinedEntryDiscarded({ ...entry, problem: 'no ink' });
const metadata = commandMetadata();
const recordRetried: QuarantinedEntryCommand = { type: 'RecordRetried', ...entry, metadata };
const discard = (problem = 'no ink'): QuarantinedEntryCommand => ({
  type: 'DiscardQuarantinedEntry',
  ...entry,
  problem,
  metadata,
});

describe('an entry that was put aside', () => {
  it('was handled after all', () => given().when(recordRetried).then(retried));
  it('is discarded, and it is kept why it could not be handled', () => given().when(discard()).then(discarded));
  it('says no more of that than fits', () =>
    given()
      .when(discard('x'.repeat(5_000)))
      .then(QuarantinedEntryDiscarded({ ...entry, problem: 'x'.repeat(1_000) })));
  it('is decided about once', () => {
    for (const decided of [retried, discarded]) {
      given(decided).when(recordRetried).thenNothing();
      given(decided).when(discard()).thenNothing();
    }
  });
});
