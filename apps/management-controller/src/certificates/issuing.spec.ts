import { beforeEach, describe, expect, it } from 'vitest';
import { CertificateRefused, certificateStream } from '@caravan/events';
import type { CertificateEvent } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import { commandMetadata } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { issued, pem } from './certificate.fixture.js';
import { chainOf, Issuing } from './issuing.js';

const certificateId = id('certificate');

describe('waiting for a certificate', () => {
  let store: InMemoryEventStore;
  let issuing: Issuing;
  beforeEach(() => {
    store = new InMemoryEventStore();
    issuing = new Issuing(store);
  });
  const answer = (event: CertificateEvent) =>
    store.append(certificateStream(certificateId), [event], {
      expectedRevision: 0,
      metadata: commandMetadata(),
      previousHash: null,
    });

  it('finds one that is there, leaf first', async () => {
    await answer(issued(certificateId));
    expect(chainOf(await issuing.required(1, certificateId))).toEqual([pem('leaf'), pem('management')]);
  });

  it('finds one that comes meanwhile', async () => {
    const waiting = issuing.required(60_000, certificateId);
    await answer(issued(certificateId));
    expect(await waiting).toMatchObject({ type: 'CertificateIssued', position: 1 });
  });

  it('gives up after its time, and says that asking again will find it', async () => {
    expect(await issuing.within(1, certificateId)).toBeUndefined();
    await expect(issuing.required(1, certificateId)).rejects.toMatchObject({
      code: 'certificate.pending',
      details: { certificateId },
    });
  });

  it('passes on why it will never be issued', async () => {
    const holder = { kind: 'service', name: 'spec' } as const;
    await answer(CertificateRefused({ certificateId, holder, code: 'csr.weak-key', detail: 'too short' }));
    await expect(issuing.within(1, certificateId)).rejects.toMatchObject({
      code: 'csr.weak-key',
      details: { detail: 'too short' },
    });
  });
});
