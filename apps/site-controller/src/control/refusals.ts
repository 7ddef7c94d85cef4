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

/** What only the operator of the management plane can mend, most often in its log. */
const OPERATORS =
  /^(log\.(undecodable|diverged|went-back|incomplete|full|missing|misconfigured|forbidden|server-too-old)|(directory|projection|consumer)\.halted)$/;

export const isForOperator = (code: string): boolean => OPERATORS.test(code);

/** Its own words name commands that a participant cannot run, and what is none of theirs; the operator has them in log and status. */
const FOR_OPERATOR =
  'the management plane cannot decide this before its operator has mended its log. Ask whoever runs the network: ' +
  '`caravan status` tells them where and how. Nothing needs to be done at this site';

/** The management plane refused, with a stable code. `retry` says whether the same request can ever succeed. */
export class ManagementRefusal extends Error {
  override readonly name = 'ManagementRefusal';
  readonly code: string;
  readonly retry: 'later' | 'never';
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, detail, retry, details = {} }: ProtocolError['error']) {
    super(isForOperator(code) ? `${FOR_OPERATOR} (${code})` : detail);
    this.code = code;
    this.retry = retry;
    this.details = isForOperator(code) ? {} : details;
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
