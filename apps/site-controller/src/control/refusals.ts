import type { ProtocolError } from '@caravan/events';

/** No answer from the management plane: it is away, or the way to it is. Asking again may help. */
export class ManagementAway extends Error {
  override readonly name = 'ManagementAway';
  readonly code = 'management.away';
  /** The request was sent and may have been decided; only its answer is missing. */
  readonly mayBeDecided: boolean;

  constructor(message: string, { mayBeDecided = false, ...options }: ErrorOptions & { mayBeDecided?: boolean } = {}) {
    super(message, options);
    this.mayBeDecided = mayBeDecided;
  }
}

/** The management plane refused, with a stable code. `retry` says whether the same request can ever succeed. */
export class ManagementRefusal extends Error {
  override readonly name = 'ManagementRefusal';
  readonly code: string;
  readonly retry: 'later' | 'never';
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, detail, retry, details = {} }: ProtocolError['error']) {
    super(detail);
    this.code = code;
    this.retry = retry;
    this.details = details;
  }
}

/** An answer that this version does not understand. A later one may, or the other side is repaired. */
export class UnknownAnswer extends Error {
  override readonly name = 'UnknownAnswer';
  readonly code = 'management.unknown-answer';
}

/** The code of anything thrown on the way to an answer. */
export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'site.internal';
};
