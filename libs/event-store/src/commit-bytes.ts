import { createHash } from 'node:crypto';
import type { Commit, Event, StreamName } from '@caravan/events';
import { commitMetadata } from './metadata.js';
import type { CommandMetadata } from './metadata.js';
import { LogError } from './rejection.js';

/** Below the 1 MB that a nats-server takes by default, with room for headers. */
export const MAX_COMMIT_BYTES = 900_000;

/** SHA-256 (hex) over a commit's raw bytes: what the stream's next commit names as `previous`. */
export const commitHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const subject = /^caravan\.evt\.[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.[A-Za-z0-9_-]{1,128}$/;

/** Nothing that a user types may widen a subject, even where a stream name was put together without `streamName`. */
export function assertStreamName(name: string): asserts name is StreamName {
  if (!subject.test(name)) throw new RangeError(`not a stream: ${JSON.stringify(name)}`);
}

const encoder = new TextEncoder();

/** @throws LogError `commit.too-large`. */
export function commitBytes(
  stream: StreamName,
  events: readonly Event[],
  metadata: CommandMetadata,
  previous: string | null,
): Uint8Array {
  const commit: Commit = {
    format: 1,
    ...commitMetadata(metadata),
    previous,
    at: metadata.now.toISOString(),
    events: events.map(({ type, version, data }) => ({ type, version, data })),
  };
  const bytes = encoder.encode(JSON.stringify(commit));
  if (bytes.length > MAX_COMMIT_BYTES) {
    throw new LogError(
      'commit.too-large',
      `a commit of ${bytes.length} bytes on ${stream} is refused (at most ${MAX_COMMIT_BYTES}): decide less at once`,
      { stream, bytes: bytes.length, limit: MAX_COMMIT_BYTES },
    );
  }
  return bytes;
}
