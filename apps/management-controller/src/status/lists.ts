import type { Part } from '@caravan/api';
import { isDatabaseAway, postgresAway } from '@caravan/platform';

/** What the lists hold, or why that is not known. */
export type Lists =
  | { readonly status: 'counted'; readonly counts: Record<string, number> }
  | { readonly status: 'unread'; readonly why: string };

/** Never later than `withinMs`, and without an error: how the installation is must be told all the same. */
export function listsWithin(withinMs: number, counting: Promise<Record<string, number>>): Promise<Lists> {
  const late = `PostgreSQL has not answered for ${withinMs / 1000} s: the lists cannot be read`;
  return Promise.race([
    counting.then(
      (counts): Lists => ({ status: 'counted', counts }),
      (error: Error): Lists => ({
        status: 'unread',
        why: isDatabaseAway(error) ? AWAY : `${FAILED}: ${error.message}`,
      }),
    ),
    new Promise<Lists>((resolve) => setTimeout(resolve, withinMs, { status: 'unread', why: late }).unref()),
  ]);
}

const AWAY = 'there is no connection to PostgreSQL: the lists cannot be read';
const FAILED = 'the lists cannot be read';

/**
 * Whoever looks from time to time has not noticed yet what was just seen: where the lists cannot be read, this service's PostgreSQL
 * is not well. Pure.
 */
export function withLists(parts: readonly Part[], service: string, lists: Lists, at: string): Part[] {
  if (lists.status === 'counted') return [...parts];
  const { says, status = 'away', code = null, remedy = null } = postgresAway(lists.why);
  const seen: Part = { service, name: 'postgres', status, detail: says, since: at, remedy, code };
  const isOurs = ({ service: of, name }: Part): boolean => of === service && name === seen.name;
  if (!parts.some(isOurs)) return [...parts, seen];
  return parts.map((part) => (isOurs(part) && part.status === 'ok' ? seen : part));
}
