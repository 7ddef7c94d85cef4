import { HttpException } from '@nestjs/common';
import { LogError, PoisonError, Rejection } from '@caravan/event-store';
import { PkiError } from '@caravan/pki';
import { isDatabaseAway } from '../postgres/is-database-away.js';

/** Anything that was thrown, as what the other side may know of it. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Nobody foresaw it: it is logged with its stack, and the other side learns nothing but that it happened. */
  readonly unforeseen: boolean;
}

/** Body parser and router errors by their status: all that Nest and Express refuse by themselves. */
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'request.invalid',
  401: 'request.unauthenticated',
  403: 'request.forbidden',
  404: 'route.not-found',
  405: 'request.method-not-allowed',
  408: 'request.too-slow',
  413: 'request.too-large',
  415: 'request.unsupported-media-type',
  429: 'request.too-many',
};

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Rejection)
    return { ...foreseen, code: error.code, detail: detailOf(error), details: error.details };
  // Words of these two are for operators and callers alike, and hold no secret.
  if (error instanceof LogError) return { ...foreseen, code: error.code, detail: error.message };
  if (error instanceof PoisonError) {
    const { code, message, remedy, stream, position } = error;
    return { ...foreseen, code, detail: `${message}. Remedy: ${remedy}`, details: { stream, position } };
  }
  if (error instanceof PkiError) return { ...foreseen, code: error.code, detail: error.message };
  const status = statusIn(error);
  const code = BY_STATUS[status ?? 0];
  if (code !== undefined) {
    const detail = (error as Error).message;
    // Nest makes its own exception of the body parser's; only V8's words tell that it was about JSON.
    const notJson = status === 400 && detail.includes('JSON');
    return { ...foreseen, code: notJson ? 'request.not-json' : code, detail };
  }
  if (isDatabaseAway(error)) return { ...foreseen, code: 'service.unavailable', detail: DATABASE_AWAY, details: {} };
  return { code: 'service.internal', detail: 'This is our fault; the log says more.', details: {}, unforeseen: true };
}

const DATABASE_AWAY =
  'The database cannot answer now; is PostgreSQL up, and has it room for connections and on its disk? Send the same request again in a moment.';

const foreseen = { details: {}, unforeseen: false } as const;

/** `new Rejection('invitation.expired', { detail: 'The invitation ended on ...' })`, or the code in words. */
function detailOf({ code, details }: Rejection): string {
  if (typeof details['detail'] === 'string') return details['detail'];
  const words = code.replace('.', ' ').replaceAll('-', ' ');
  const facts = Object.entries(details).filter(([, value]) => ['string', 'number'].includes(typeof value));
  return words + (facts.length > 0 ? ` (${facts.map(([name, value]) => `${name}: ${String(value)}`).join(', ')})` : '');
}

/** Nest's exceptions, and those of http-errors, which the body parser throws. */
function statusIn(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown; expose?: unknown } | null)?.status;
  return typeof status === 'number' && (error as { expose?: unknown }).expose === true ? status : undefined;
}
