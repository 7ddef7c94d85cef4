/**
 * The one table from what was refused to an HTTP status. A code is `<aggregate>.<reason>`; whole codes come first, then the
 * reason. What is in neither is a rule of an aggregate that does not allow the command now: 409.
 */
const BY_CODE: Readonly<Record<string, number>> = {
  'request.invalid': 400,
  'request.not-json': 400,
  'request.too-large': 413,
  'request.too-slow': 408,
  'request.unsupported-media-type': 415,
  'request.method-not-allowed': 405,
  'request.unauthenticated': 401,
  'request.forbidden': 403,
  'request.too-many': 429,
  'csr.malformed': 400,
  'site-server.unfit': 400,
  'link-certificate.unfit': 400,
  'csr.too-large': 400,
  'csr.bad-signature': 400,
  'csr.unsupported-key': 400,
  'log.unavailable': 503,
  'log.contended': 503,
  'log.forbidden': 503,
  'log.missing': 503,
  'log.misconfigured': 503,
  'log.server-too-old': 503,
  'log.went-back': 503,
  'log.diverged': 503,
  'log.incomplete': 503,
  'log.behind': 503,
  'log.full': 507,
  'projection.behind': 503,
  'projection.halted': 503,
  'directory.halted': 503,
  'directory.behind': 503,
  'log.undecodable': 503,
  'certificate.pending': 503,
  'service.unavailable': 503,
  'service.timeout': 504,
  'service.busy': 503,
  'site.too-fast': 429,
  'join-token.too-fast': 429,
};

const BY_REASON: Readonly<Record<string, number>> = {
  'not-found': 404,
  unknown: 404,
  deleted: 410,
  expired: 410,
  revoked: 410,
  withdrawn: 410,
  ended: 410,
  invalid: 400,
  malformed: 400,
  forbidden: 403,
};

export const REFUSED = 409;

export const statusOf = (code: string): number =>
  BY_CODE[code] ?? BY_REASON[code.slice(code.lastIndexOf('.') + 1)] ?? REFUSED;

/** Whether the same request may succeed later: what a site is told with a refusal. */
export const mayHelpLater = (code: string): boolean => {
  const reason = code.slice(code.lastIndexOf('.') + 1);
  return statusOf(code) >= 500 || statusOf(code) === 429 || LATER.has(reason);
};

/** `not-asked-for`: a site may know its desired state sooner than who answers it does. */
const LATER = new Set([
  'not-asked-for',
  'not-due',
  'not-started',
  'suspended',
  'not-ready',
  'not-yet',
  'pending',
  'awaiting-root',
  'busy',
  'contended',
]);
