import {
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  rotationPhases,
  RotationResumed,
} from '@caravan/events';
import type { EventOf, RotationEvent, RotationOwner, RotationPhase } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

/** Nothing is being replaced; `ordinal` is that of the authorities in use. */
interface Steady {
  readonly status: 'steady';
  readonly ordinal: number;
  /** The last one that was finished; a request for it that comes late is no new one. */
  readonly finished: string | null;
}
interface Running {
  readonly status: 'running';
  readonly rotationId: string;
  readonly owner: RotationOwner;
  readonly ordinal: number;
  readonly phase: RotationPhase;
  readonly isPaused: boolean;
  readonly patienceSeconds: number | null;
}
export type RotationState = Steady | Running;

export interface Confirmation {
  readonly confirmed: number;
  readonly without: number;
  readonly withoutSites: readonly string[];
}

interface OfRotation {
  readonly ownerId: string;
  readonly rotationId: string;
}
export type RotationCommand =
  | (Command<'BeginRotation'> &
      OfRotation & {
        readonly owner: RotationOwner;
        readonly cause: EventOf<typeof RotationBegun>['data']['cause'];
        readonly patienceSeconds: number | null;
      })
  /** The phase `from` is over, as far as whoever commands has seen. */
  | (Command<'AdvanceRotation'> & OfRotation & Confirmation & { readonly from: RotationPhase })
  | (Command<'ChangeRotationPatience'> & OfRotation & { readonly patienceSeconds: number | null })
  | (Command<'PauseRotation'> & OfRotation)
  | (Command<'ResumeRotation'> & OfRotation);

const FIRST_ORDINAL = 1;

const NEXT = {
  trust: 'listeners',
  listeners: 'diallers',
  diallers: 'retire',
  retire: 'finished',
} as const satisfies Record<RotationPhase, RotationPhase | 'finished'>;

/** One owner's authorities are replaced one generation at a time, phase by phase. When a phase is over is seen elsewhere. */
export const rotation: Decider<RotationState, RotationCommand, RotationEvent> = {
  initial: () => ({ status: 'steady', ordinal: FIRST_ORDINAL, finished: null }),

  decide(command, state) {
    const { ownerId, rotationId } = command;
    if (command.type === 'BeginRotation') return begin(command, state);
    if (state.status === 'steady' && state.finished === rotationId) {
      if (command.type === 'AdvanceRotation') return [];
      throw new Rejection('rotation.finished', { rotationId });
    }
    if (state.status === 'steady' || state.rotationId !== rotationId) {
      throw new Rejection('rotation.unknown', { rotationId });
    }
    switch (command.type) {
      case 'AdvanceRotation':
        return advance(command, state);
      case 'ChangeRotationPatience': {
        const { patienceSeconds } = command;
        if (patienceSeconds === state.patienceSeconds) return [];
        return [RotationPatienceChanged({ ownerId, rotationId, patienceSeconds })];
      }
      case 'PauseRotation':
        return state.isPaused ? [] : [RotationPaused({ ownerId, rotationId })];
      case 'ResumeRotation':
        return state.isPaused ? [RotationResumed({ ownerId, rotationId })] : [];
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'RotationBegun') {
      const { rotationId, owner, ordinal, patienceSeconds } = event.data;
      return { status: 'running', rotationId, owner, ordinal, phase: 'trust', isPaused: false, patienceSeconds };
    }
    if (state.status !== 'running') return state;
    switch (event.type) {
      case 'RotationAdvanced':
        return { ...state, phase: event.data.phase };
      case 'RotationPatienceChanged':
        return { ...state, patienceSeconds: event.data.patienceSeconds };
      case 'RotationPaused':
        return { ...state, isPaused: true };
      case 'RotationResumed':
        return { ...state, isPaused: false };
      case 'RotationFinished':
        return { status: 'steady', ordinal: event.data.ordinal, finished: state.rotationId };
      default:
        return assertNever(event);
    }
  },
};

type Begin = Extract<RotationCommand, { type: 'BeginRotation' }>;
type Advance = Extract<RotationCommand, { type: 'AdvanceRotation' }>;

function begin({ ownerId, rotationId, owner, cause, patienceSeconds }: Begin, state: RotationState): RotationEvent[] {
  if (state.status === 'running') {
    if (state.rotationId === rotationId) return [];
    throw new Rejection('rotation.under-way', { rotationId: state.rotationId, phase: state.phase });
  }
  if (state.finished === rotationId) return [];
  const ordinal = state.ordinal + 1;
  return [RotationBegun({ ownerId, rotationId, owner, ordinal, cause, patienceSeconds })];
}

/** Two who saw the same phase end advance it once; who saw an earlier one end comes too late and changes nothing. */
function advance({ from, ...command }: Advance, state: Running): RotationEvent[] {
  const [seen, current] = [from, state.phase].map((phase) => rotationPhases.indexOf(phase)) as [number, number];
  if (seen < current) return [];
  if (seen > current) throw new Rejection('rotation.not-there-yet', { phase: state.phase, from });
  if (state.isPaused) throw new Rejection('rotation.paused', { rotationId: state.rotationId });
  const { ownerId, rotationId, confirmed, without, withoutSites } = command;
  const seenBy = { confirmed, without, withoutSites: [...withoutSites] };
  const { owner, ordinal } = state;
  const next = NEXT[state.phase];
  if (next === 'finished') return [RotationFinished({ ownerId, rotationId, ordinal, ...seenBy })];
  return [RotationAdvanced({ ownerId, rotationId, owner, ordinal, phase: next, ...seenBy })];
}
