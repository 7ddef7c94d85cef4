import { describe, expect, it } from 'vitest';
import { after, nextStep } from './joining.js';
import type { Fact, Joining, Origin } from './joining.js';
import { joiningFromText, joiningToText } from './joining-text.js';

const origin: Origin = {
  role: 'member',
  installation: 'test',
  control: { serverName: 'caravan.control', trust: ['pem'], direct: null },
  sourceId: 'invitation',
  asOf: 3,
  network: { id: 'n', name: 'retail' },
  backbone: null,
};
const admission = { siteId: 's', name: 'hq', chain: ['leaf', 'ca'], items: [{ kind: 'link' }] };
const refusal = { code: 'invitation.expired', detail: 'It ended yesterday.' };

const states = {
  invited: { status: 'invited', origin },
  'key-made': { status: 'key-made', origin },
  pending: { status: 'pending', origin, siteId: 's' },
  admitted: { status: 'admitted', origin, admission },
  joined: { status: 'joined', site: { ...origin, siteId: 's', name: 'hq' } },
  refused: { status: 'refused', origin, refusal, at: '2026-01-01T00:00:00Z' },
} as const satisfies Record<Joining['status'], Joining>;
const facts = {
  KeyMade: { fact: 'KeyMade' },
  AdmissionAwaited: { fact: 'AdmissionAwaited', siteId: 's' },
  Admitted: { fact: 'Admitted', admission },
  Refused: { fact: 'Refused', refusal, at: '2026-01-01T00:00:00Z' },
  Installed: { fact: 'Installed' },
  AdmissionOver: { fact: 'AdmissionOver' },
  NotNeeded: { fact: 'NotNeeded' },
  TriedAgain: { fact: 'TriedAgain' },
} as const satisfies Record<Fact['fact'], Fact>;

describe('a site that joins', () => {
  it('makes its key, asks, waits, installs and has joined', () => {
    const story = [facts.KeyMade, facts.AdmissionAwaited, facts.AdmissionAwaited, facts.Admitted, facts.Installed];
    let joining: Joining = states.invited;
    const steps = [nextStep(joining).step];
    for (const fact of story) steps.push(nextStep((joining = after(joining, fact))).step);
    expect(steps).toEqual(['make-key', 'ask', 'ask', 'ask', 'install', 'none']);
    expect(joining).toEqual(states.joined);
  });

  it('may be admitted or refused at its first question', () => {
    expect(after(states['key-made'], facts.Admitted)).toEqual(states.admitted);
    expect(after(states['key-made'], facts.Refused)).toEqual(states.refused);
  });

  it('goes on as it was when it is told that it need not come back', () => {
    const { site } = states.joined;
    const control = { ...origin.control, trust: ['newer'] };
    const recovering = { ...origin, control, sourceId: 'another invitation', recovers: site };
    const back = { status: 'joined', site: { ...site, control, cameBackBy: 'another invitation' } };
    expect(after({ status: 'key-made', origin: recovering }, facts.NotNeeded)).toEqual(back);
    expect(after({ status: 'pending', origin: recovering, siteId: 's' }, facts.NotNeeded)).toEqual(back);
  });

  it('comes back as who it was, though by another file', () => {
    const { site } = states.joined;
    const recovering = { ...origin, sourceId: 'another invitation', asOf: 9, recovers: site };
    let joining: Joining = { status: 'invited', origin: recovering };
    for (const fact of [facts.KeyMade, facts.Admitted]) {
      joining = joiningFromText(joiningToText(after(joining, fact)));
      expect(joining).toMatchObject({ origin: recovering });
    }
    const back = after(joining, facts.Installed);
    expect(back).toEqual({ status: 'joined', site: { ...site, asOf: 9, cameBackBy: 'another invitation' } });
    expect(joiningFromText(joiningToText(back))).toEqual(back);
  });

  it('asks again with the key that it has when it is started with its file after a refusal', () => {
    expect(after(states.refused, facts.TriedAgain)).toEqual(states['key-made']);
  });

  it('asks again with the key that it has when what it was given was over before it could be installed', () => {
    const again = after(states.admitted, facts.AdmissionOver);
    expect(again).toEqual(states['key-made']);
    expect(nextStep(again).step).toBe('ask');
  });

  it.each<[Joining['status'], string]>([
    ['invited', 'make-key'],
    ['key-made', 'ask'],
    ['pending', 'ask'],
    ['admitted', 'install'],
    ['joined', 'none'],
    ['refused', 'none'],
  ])('goes on after a kill while it is %s with: %s', (status, step) => {
    expect(nextStep(joiningFromText(joiningToText(states[status]))).step).toBe(step);
    expect(joiningFromText(joiningToText(states[status]))).toEqual(states[status]);
  });

  const moves: Record<Joining['status'], Fact['fact'][]> = {
    invited: ['KeyMade'],
    'key-made': ['AdmissionAwaited', 'Admitted', 'Refused'],
    pending: ['AdmissionAwaited', 'Admitted', 'Refused'],
    admitted: ['Installed', 'AdmissionOver'],
    joined: [],
    refused: ['TriedAgain'],
  };
  it.each(Object.values(states).flatMap((state) => Object.values(facts).map((fact) => [state, fact] as const)))(
    'takes each fact at its step alone: $status, $fact',
    (state, fact) => {
      const next = after(state, fact);
      if (moves[state.status].includes(fact.fact)) expect(next).not.toBe(state);
      else expect(next).toBe(state);
    },
  );
});
