import type { Actor, Commit } from '@caravan/events';

/**
 * Whether a value is a commit as this code writes them. What it says yes to, `commitSchema` says yes to as well, at a tenth of
 * the cost; what it says no to is left to the schema. Reading the log is mostly this (see the spec that compares them).
 */
export function isPlainCommit(value: unknown): value is Commit {
  if (typeof value !== 'object' || value === null) return false;
  const commit = value as Record<keyof Commit, unknown>;
  let fields = 11;
  if (commit.reason !== undefined) fields++;
  if (commit.traceparent !== undefined) fields++;
  return (
    commit.format === 1 &&
    isText(commit.commandId, 200) &&
    commit.commandId !== '' &&
    isActor(commit.actor) &&
    VIA.has(commit.via as Commit['via']) &&
    isText(commit.source, 200) &&
    (commit.reason === undefined || isText(commit.reason, 1000)) &&
    isText(commit.correlationId, 200) &&
    isText(commit.causationId, 300) &&
    (commit.traceparent === undefined || isText(commit.traceparent, 100)) &&
    (commit.ownerGroup === null || isText(commit.ownerGroup, 100)) &&
    (commit.previous === null || (isText(commit.previous, 64) && commit.previous.length === 64)) &&
    isText(commit.at, 24) &&
    ISO.test(commit.at) &&
    areEvents(commit.events) &&
    Object.keys(commit).length === fields
  );
}

const VIA: ReadonlySet<Commit['via']> = new Set(['api', 'site-protocol', 'reaction', 'startup', 'admin']);
const ACTORS: ReadonlySet<Actor['kind']> = new Set([
  'administrator',
  'user',
  'member',
  'claim',
  'backbone-site',
  'bootstrap',
  'management-site',
  'service',
]);
/** As `toISOString` writes it, in a month of 28 days: the others are rare enough for the schema. */
const ISO = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest;

function isActor(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id } = value as Record<keyof Actor, unknown>;
  return ACTORS.has(kind as Actor['kind']) && isText(id, 256) && id !== '' && Object.keys(value).length === 2;
}

function areEvents(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100) return false;
  return value.every((event: unknown) => {
    if (typeof event !== 'object' || event === null) return false;
    const { type, version, data } = event as Record<string, unknown>;
    return (
      typeof type === 'string' &&
      Number.isSafeInteger(version) &&
      (version as number) >= 1 &&
      data !== undefined &&
      Object.keys(event).length === 3
    );
  });
}
