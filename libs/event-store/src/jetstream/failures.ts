import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/nats-core';
import { LogError } from '../rejection.js';

/** Nothing was stored: the subject has another last sequence. */
export const isConflict = (error: unknown): boolean => hasCode(error, JetStreamApiCodes.StreamWrongLastSequence);

export const isMissingStream = (error: unknown): boolean => hasCode(error, JetStreamApiCodes.StreamNotFound);

export const isMissingMessage = (error: unknown): boolean => hasCode(error, JetStreamApiCodes.NoMessageFound);

const hasCode = (error: unknown, code: number): boolean => error instanceof JetStreamApiError && error.code === code;

// 10023 and 10047: no resources or storage; 10077: the stream's own limit, which a log has not.
const FULL = new Set([10023, 10047, 10077]);

/**
 * Whether the same request may succeed in a moment, and may have succeeded already: no answer, no leader, no responder; a server
 * that is just starting or stopping; and 10164, another write of the same subject in flight.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof JetStreamApiError) {
    return (
      error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown || (error.status >= 500 && !FULL.has(error.code))
    );
  }
  if (!(error instanceof Error) || permissionViolation(error)) return false;
  return (
    isWithoutResponder(error) ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoRespondersError ||
    error instanceof errors.RequestError ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.DrainingConnectionError
  );
}

/** JetStream of a server that is just starting. The client's own class for it is not exported. */
const isWithoutResponder = (error: Error): boolean =>
  error.name === 'JetStreamNotEnabled' && !(error.cause instanceof JetStreamApiError);

const permissionViolation = (error: Error): InstanceType<typeof errors.PermissionViolationError> | undefined =>
  [error, error.cause].find((each) => each instanceof errors.PermissionViolationError);

/** What the caller is told: what could not be done, and what to do about it. */
export function logFailure(error: unknown, what: string): Error {
  if (error instanceof LogError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const options = { cause };
  const permission = permissionViolation(cause);
  if (permission) {
    const { operation, subject } = permission;
    return new LogError(
      'log.forbidden',
      `this service may not ${what}: ${operation} on ${subject} is not permitted. Give its NATS user the permissions of logPermissions()`,
      { operation, subject },
      options,
    );
  }
  if (cause instanceof JetStreamApiError) {
    if (isMissingStream(cause))
      return new LogError('log.missing', `cannot ${what}: there is no log on this server`, {}, options);
    const details = { apiCode: cause.code };
    if (FULL.has(cause.code)) {
      return new LogError(
        'log.full',
        `cannot ${what}: ${cause.message}. Give the server more storage`,
        details,
        options,
      );
    }
    if (!isPassing(cause)) {
      return new LogError(
        'log.refused',
        `cannot ${what}: the server says ${cause.message} (${cause.code})`,
        details,
        options,
      );
    }
  }
  if (isPassing(cause) || cause instanceof errors.ClosedConnectionError) {
    return new LogError(
      'log.unavailable',
      `cannot ${what}: ${cause.message}. Is nats-server up and reachable?`,
      {},
      options,
    );
  }
  return cause;
}
