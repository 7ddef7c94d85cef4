/** Why a connection was not carried, and the HTTP status that says it on the wire. Codes are stable; peers read them. */
const STATUS = {
  'tunnel.malformed': 400,
  'tunnel.confined': 403,
  'tunnel.not-permitted': 403,
  'tunnel.no-route': 404,
  'tunnel.loop': 508,
  'tunnel.unreachable': 502,
  'tunnel.lost': 502,
  'tunnel.timeout': 504,
  'tunnel.abandoned': 499,
  'relay.full': 503,
} as const;

export type RefusalCode = keyof typeof STATUS;

export const statusOf = (code: RefusalCode): number => STATUS[code];

/** `detail` is for this site's own log and observation; only the code travels, so that nobody learns what lies behind. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }

  static from(error: unknown): Refusal {
    return error instanceof Refusal ? error : new Refusal('tunnel.lost', String(error));
  }
}

/** A code from the wire; what this relay does not know it repeats as the nearest thing that it does. */
export const codeFrom = (text: unknown): RefusalCode =>
  typeof text === 'string' && text in STATUS ? (text as RefusalCode) : 'tunnel.lost';
