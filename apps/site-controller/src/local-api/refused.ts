import { codeOf, isForOperator, ManagementAway, ManagementRefusal, UnknownAnswer } from '../control/index.js';

/** Why a request to the local API is not carried out: a stable code, and words that name the remedy. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

const BY_CODE: Readonly<Record<string, number>> = {
  'request.unauthenticated': 401,
  'request.too-large': 413,
  'request.too-slow': 408,
  'request.unsupported-media-type': 415,
  'request.method-not-allowed': 405,
  'route.not-found': 404,
  'management.away': 503,
  'management.busy': 503,
  'management.needs-operator': 503,
  'management.unknown-answer': 502,
  'relay.unavailable': 503,
  'service.internal': 500,
};
const BY_REASON: Readonly<Record<string, number>> = {
  unknown: 404,
  'not-found': 404,
  invalid: 400,
  'not-json': 400,
  ended: 410,
  expired: 410,
};

/** The one table from codes to statuses. What is in neither is a rule that does not allow it now: 409. */
export const statusOf = (code: string): number =>
  BY_CODE[code] ?? BY_REASON[code.slice(code.lastIndexOf('.') + 1)] ?? 409;

const NOTHING_CHANGED = 'Nothing was changed. Try again once this site is connected; GET /site/v1/state says when.';
const OUTCOME_UNKNOWN =
  'It is not known whether it was decided. Look at the list once this site is connected; sent again with the same Idempotency-Key it is decided once.';

/** What management's answer, or its silence, is to whoever asked this site. */
export function refusedBy(error: unknown): unknown {
  if (error instanceof ManagementAway) {
    const outcome = error.mayBeDecided ? OUTCOME_UNKNOWN : NOTHING_CHANGED;
    return new Refused(
      'management.away',
      `The management plane decides this and is away: ${error.message}. ${outcome}`,
    );
  }
  if (error instanceof UnknownAnswer) return new Refused(error.code, error.message);
  if (!(error instanceof ManagementRefusal)) return error;
  if (isForOperator(error.code)) {
    return new Refused('management.needs-operator', `Nothing was changed: ${error.message}.`, { cause: error.code });
  }
  if (error.retry === 'later' && statusOf(error.code) === 409) {
    return new Refused('management.busy', `${error.message} (${codeOf(error)}). Try again.`, error.details);
  }
  return new Refused(error.code, error.message, error.details);
}
