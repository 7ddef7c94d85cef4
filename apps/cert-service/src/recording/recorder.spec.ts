import { describe, expect, it } from 'vitest';
import { CertificateRefused, certificateStream, LogEntryPassedOver, logEntryStream } from '@caravan/events';
import { commitHash, InMemoryEventStore, PoisonError } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import { LogRecorder } from './recorder.js';
import type { TrustEvent } from './unrecorded.js';

const certificateId = '0199d1b0-0000-7000-8000-000000000001';
const refused = (code: string): TrustEvent =>
  CertificateRefused({ certificateId, holder: { kind: 'nats-server' }, code, detail: 'no' });
const metadata = (commandId: string) =>
  ({
    commandId,
    now: new Date(0),
    actor: { kind: 'service', id: 'cert-service' },
    via: 'reaction',
    source: 'cert-service',
    correlationId: 'c',
    causationId: 'c',
    ownerGroup: null,
  }) as const;

describe('the recorder', () => {
  const marked: TrustEvent[] = [];
  const marks = { add: (event: TrustEvent) => void marked.push(event) };

  it('appends once, however often it is told to', async () => {
    const log = new InMemoryEventStore();
    const recorder = new LogRecorder(log, marks);
    const row = { event: refused('csr.malformed'), metadata: metadata('issue/1') };
    await recorder.record(row);
    await recorder.record(row);
    await recorder.record({ ...row, metadata: metadata('another replica') });
    expect((await log.read(certificateStream(certificateId))).events).toHaveLength(1);
    expect(marked).toHaveLength(3);
  });

  it('refuses to take another fact of that id for its own', async () => {
    const recorder = new LogRecorder(new InMemoryEventStore(), marks);
    await recorder.record({ event: refused('csr.malformed'), metadata: metadata('issue/1') });
    const other = { event: refused('network.ended'), metadata: metadata('issue/1') };
    await expect(recorder.record(other)).rejects.toThrow('Restore the pki schema that belongs to this log');
  });

  it('appends behind an entry that is passed over, and not while it only cannot be read', async () => {
    const log = new InMemoryEventStore();
    const stream = certificateStream(certificateId);
    const garbage = new TextEncoder().encode('garbage');
    const position = log.appendRaw(stream, garbage);
    const row = { event: refused('csr.malformed'), metadata: metadata('issue/1') };
    marked.length = 0;
    await expect(new LogRecorder(log, marks).record(row)).rejects.toThrow(PoisonError);
    expect(marked).toEqual([]);

    const mark = LogEntryPassedOver({ position, stream, hash: commitHash(garbage), problem: 'not JSON' });
    const options = { expectedRevision: 0, previousHash: null, metadata: metadata('pass over') };
    await log.append(logEntryStream(position), [mark], options);
    await new LogRecorder(log, marks).record(row);
    expect((await log.read(stream)).events).toMatchObject([row.event]);
    expect(marked).toHaveLength(1);
  });

  it('asks again while it is undecided, and gives up without a mark', async () => {
    const log = new InMemoryEventStore();
    let undecided = 3;
    const flaky: EventStore = {
      read: (stream) => log.read(stream),
      pause: () => Promise.resolve(),
      append: async (...append) => {
        const result = await log.append(...append);
        return undecided-- > 0 ? { outcome: 'undecided', reason: 'no answer' } : result;
      },
    };
    const row = { event: refused('csr.malformed'), metadata: metadata('issue/1') };
    await new LogRecorder(flaky, marks).record(row);
    expect((await log.read(certificateStream(certificateId))).events).toHaveLength(1);
    marked.length = 0;
    undecided = 100;
    await expect(new LogRecorder(flaky, marks).record(row)).rejects.toThrow('not recorded yet: no answer');
    expect(marked).toEqual([]);
  });
});
