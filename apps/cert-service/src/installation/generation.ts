import type { Holder, RotationEvent, RotationPhase } from '@caravan/events';
import { FIRST_ORDINAL } from '../authorities/authority.js';

/** Which of the installation's own authorities, root and management, there are to be. Pure. */
export interface Generation {
  /** The newest. */
  readonly ordinal: number;
  /** How far they have replaced those before; null: altogether. */
  readonly phase: RotationPhase | null;
}

export const FIRST_GENERATION: Generation = { ordinal: FIRST_ORDINAL, phase: null };

/** After what happened to the rotation of the installation's authorities. */
export function generationAfter(before: Generation, { type, data }: RotationEvent): Generation {
  switch (type) {
    case 'RotationBegun':
      return { ordinal: data.ordinal, phase: 'trust' };
    case 'RotationAdvanced':
      return { ordinal: data.ordinal, phase: data.phase };
    case 'RotationFinished':
      return { ordinal: data.ordinal, phase: null };
    case 'RotationPatienceChanged':
    case 'RotationPaused':
    case 'RotationResumed':
      return before;
  }
}

/** Of the authority that signs: the new one does once everybody trusts it. */
export const signing = ({ ordinal, phase }: Generation): number => (phase === 'trust' ? ordinal - 1 : ordinal);

/** Whom nats-server and its clients trust, the newest first. */
export const trusted = ({ ordinal, phase }: Generation): number[] =>
  phase === null || phase === 'retire' ? [ordinal] : [ordinal, ordinal - 1];

/** By which authority a credential of the management plane must be at least: servers first, then those that dial them. */
export function held({ ordinal, phase }: Generation, kind: Holder['kind']): number {
  const isBefore = phase === 'trust' || (phase === 'listeners' && kind !== 'nats-server' && kind !== 'api-server');
  return isBefore ? ordinal - 1 : ordinal;
}
