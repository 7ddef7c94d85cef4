/**
 * A command refused by the rules of its aggregate. `code` is `<aggregate>.<reason>`, lower-case with dashes, and stable: clients
 * and the table of status codes at the edge rely on it. `details` are facts for the answer; no secrets.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/**
 * What stands in the way of reading or writing the log, that is no rule of an aggregate: `log.unavailable`, `log.contended`,
 * `log.forbidden`, `log.missing`, `log.misconfigured`, `log.server-too-old`, `log.went-back`, `log.diverged`, `log.full`,
 * `commit.too-large`, `event.invalid`. The message says what, where and the remedy.
 */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** A commit in the log that cannot be read: not JSON, no commit, an unknown type or version, data against the schema. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';
  readonly code = 'log.undecodable';
  /** What can be done about it, in words. */
  readonly remedy: string;
  /** Whether another version of this program may be able to read it. */
  readonly newer: boolean;

  constructor(
    readonly stream: string,
    /** The log position of the commit. */
    readonly position: number,
    readonly reason: string,
    { newer = false }: { readonly newer?: boolean } = {},
  ) {
    super(`the commit at position ${position} of the log (${stream}) cannot be read: ${reason}`);
    this.newer = newer;
    this.remedy = remedyOfPoison(position, newer);
  }
}

/** What can be done about a commit that cannot be read. Nothing else in the log is lost by it, and nothing behind it either. */
export const remedyOfPoison = (position: number, newer = false): string =>
  newer
    ? `run the version that wrote it, or a later one; if there is none: caravan log pass-over ${position} --even-newer --reason <why>`
    : `caravan log show ${position}; if no version will ever read it: caravan log pass-over ${position} --reason <why>`;
