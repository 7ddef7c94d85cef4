import { describe, expect, it } from 'vitest';
import { InMemoryEventStore, LogError } from '@caravan/event-store';
import type { AppendOutcome, Divergence } from '@caravan/event-store';
import { BackboneCreated, backboneStream, INSTALLATION_ISSUERS } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import type { Lost } from './inspect-log.js';
import { WitnessedEventStore } from './witnessed-event-store.js';
import { WriteGate } from './write-gate.js';

const backboneId = '0199d1b0-0000-7000-8000-000000000001';
const stream = backboneStream(backboneId);
const diverged = { says: 'the log ends at 3', sequence: 7, since: new Date(0), pending: false };

/** A witness that has seen so much; `look` finds what it is told to find. */
function witnessed(seen = 0) {
  const inner = new InMemoryEventStore();
  const gate = new WriteGate();
  const letGo = gate.hold();
  const raised: Divergence[] = [];
  const witness = {
    gate,
    position: seen,
    look: async (lost?: Lost) => {
      if (lost) witness.raise({ kind: 'replaced', sequence: lost.sequence });
    },
    raise: (divergence: Divergence) => {
      raised.push(divergence);
      gate.refuse(diverged);
    },
  };
  const store = new WitnessedEventStore(inner, witness, 50, 1);
  const append = () =>
    store.append(stream, [BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS })], {
      expectedRevision: 0,
      previousHash: null,
      metadata: commandMetadata(),
    });
  return { inner, gate, letGo, witness, raised, store, append };
}

describe('a log with a witness', () => {
  it('is written to while the witness sees nothing wrong', async () => {
    const { letGo, append } = witnessed();
    letGo();
    expect(await append()).toMatchObject({ outcome: 'appended', position: 1 });
  });

  it('is not written to once it sees something wrong, and says what and where', async () => {
    const { gate, append, inner } = witnessed();
    gate.refuse(diverged);
    await expect(append()).rejects.toMatchObject({ code: 'log.diverged', details: { sequence: 7 } });
    await expect(append()).rejects.toThrow(/^the log ends at 3\. Writes are refused/);
    expect((await inner.read(stream)).revision).toBe(0);
    gate.clear();
    await expect(append()).rejects.toMatchObject({ code: 'log.diverged' }); // for as long as the process runs
  });

  it('waits for a look that is under way', async () => {
    const { gate, letGo, append } = witnessed();
    const appending = append();
    const letGoToo = gate.hold();
    letGo();
    letGo();
    expect(gate.status).toEqual({ status: 'looking' }); // everybody who holds it has to
    letGoToo();
    expect(await appending).toMatchObject({ outcome: 'appended' });
    gate.hold();
    const refused = append();
    gate.refuse(diverged);
    await expect(refused).rejects.toMatchObject({ code: 'log.diverged' });
  });

  it('is undecided when the look takes too long: nothing was written', async () => {
    const { append, inner } = witnessed();
    const outcome: AppendOutcome = await append();
    expect(outcome.outcome).toBe('undecided');
    expect((await inner.read(stream)).revision).toBe(0);
  });

  it('has gone back when an append lands where something was', async () => {
    const { letGo, append, raised } = witnessed(7);
    letGo();
    await expect(append()).rejects.toMatchObject({ code: 'log.diverged' });
    expect(raised).toEqual([{ kind: 'went-back', sequence: 7, end: 0 }]);
  });

  it('has gone back when an append lands where one of this process was, though its witness has not come so far', async () => {
    const { letGo, append, raised, inner } = witnessed();
    letGo();
    await append();
    inner.append = async () => ({ outcome: 'appended', position: 1, revision: 1, duplicate: false, hash: 'other' });
    await expect(append()).rejects.toMatchObject({ code: 'log.diverged' });
    expect(raised).toEqual([{ kind: 'went-back', sequence: 1, end: 0 }]);
  });

  it('takes appends whose answers overtake each other for what they are', async () => {
    const { letGo, append, raised, inner } = witnessed();
    letGo();
    const answers = [2, 1].map((position) => ({ position, revision: position, duplicate: false, hash: 'h' }));
    inner.append = async () => ({ outcome: 'appended', ...answers.shift()! });
    await Promise.all([append(), append()]);
    expect(raised).toEqual([]);
  });

  it('is read although it is the wrong one; what fails because of it says so', async () => {
    const { gate, letGo, store, witness, inner } = witnessed();
    letGo();
    inner.read = () => Promise.reject(new LogError('log.went-back', 'ends too early'));
    witness.look = async () => gate.refuse(diverged);
    await expect(store.read(stream)).rejects.toMatchObject({ code: 'log.diverged' });
    inner.read = async () => ({ events: [], revision: 3, lastCommitHash: null });
    expect(await store.read(stream)).toMatchObject({ revision: 3 });
  });

  describe('of which a stream ends before what was read of it, and the witness sees nothing', () => {
    const short = () => Promise.reject(new LogError('log.went-back', 'ends too early'));

    it('is written to no more: the next command would decide on what is left', async () => {
      const { letGo, store, inner, raised, append } = witnessed();
      letGo();
      const read = inner.read.bind(inner);
      inner.read = short;
      await expect(store.read(stream, { after: 5 })).rejects.toMatchObject({ code: 'log.diverged' });
      expect(raised).toEqual([{ kind: 'replaced', sequence: 5 }]);
      inner.read = read;
      expect(await store.read(stream)).toMatchObject({ revision: 0 });
      await expect(append()).rejects.toMatchObject({ code: 'log.diverged' });
    });

    it('is looked at again before that counts: a new leader may be behind', async () => {
      const { letGo, store, inner, raised, append } = witnessed();
      letGo();
      const read = inner.read.bind(inner);
      const answers = [short, short];
      inner.read = (...asked) => (answers.shift() ?? read)(...asked);
      expect(await store.read(stream)).toMatchObject({ revision: 0 });
      expect(raised).toEqual([]);
      expect(await append()).toMatchObject({ outcome: 'appended' });
    });
  });

  it('may become writable when the alarm is an old one and the log was read as a whole', async () => {
    const { gate, letGo, append } = witnessed();
    letGo();
    gate.refuse({ ...diverged, pending: true });
    expect(gate.isShut).toBe(false);
    await expect(append()).rejects.toMatchObject({ code: 'log.diverged' });
    gate.clear();
    expect(await append()).toMatchObject({ outcome: 'appended' });
  });
});
