import { describe, expect, it } from 'vitest';
import { InMemoryQuarantine } from '@caravan/event-store';
import { WitnessedQuarantine } from './witnessed-quarantine.js';
import { WriteGate } from './write-gate.js';

const entry = { reaction: 'cert-service-issuing', stream: 'caravan.evt.a.b.c', position: 7, reason: 'no JSON' };

function witnessed() {
  const gate = new WriteGate();
  const letGo = gate.hold();
  return { gate, letGo, quarantine: new WitnessedQuarantine(new InMemoryQuarantine(), { gate }, 50) };
}

describe('a quarantine with a witness', () => {
  it('takes what a reaction puts aside, and gives it back', async () => {
    const { letGo, quarantine } = witnessed();
    letGo();
    await quarantine.record(entry);
    expect(await quarantine.list()).toEqual([entry]);
    expect(await quarantine.list('another')).toEqual([]);
    await quarantine.resolve(entry.reaction, entry.position);
    expect(await quarantine.list()).toEqual([]);
  });

  it('takes nothing out of a log that is not the right one, nor out of one that nobody has looked at', async () => {
    const { gate, quarantine } = witnessed();
    await expect(quarantine.record(entry)).rejects.toMatchObject({ code: 'log.unavailable' });
    gate.refuse({ says: 'the log ends at 3', sequence: 7, since: new Date(0), pending: false });
    await expect(quarantine.record(entry)).rejects.toMatchObject({ code: 'log.diverged' });
    expect(await quarantine.list()).toEqual([]);
  });
});
