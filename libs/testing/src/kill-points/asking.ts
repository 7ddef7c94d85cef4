import { randomUUID } from 'node:crypto';
import { apiClient, ApiError, POSITION_HEADER } from '@caravan/api';
import type { BodyOf, ParamsOf, QueryOf, ReplyOf, Route } from '@caravan/api';
import { eventually } from '../eventually.js';
import type { Acknowledged } from './judging/effects.js';

/** Where an API is, as of now: a site's moves when its controller is started again. */
export type Where = () => { readonly url: string; readonly token: string } | undefined;

/** What a route needs to be told. */
export interface Told<R extends Route> {
  readonly params?: ParamsOf<R>;
  readonly body?: BodyOf<R>;
  readonly query?: QueryOf<R>;
}

const PATIENCE_MS = 60_000;

/**
 * Asks as somebody who does not give up and may: with a key that makes a repetition the same request, until the answer is yes.
 * What was said yes to is remembered. An answer that a kill does not explain is thrown.
 */
export class Asking {
  readonly acknowledged: Acknowledged[] = [];

  /** Writes with `route`; its effect is an event of that type. */
  async write<R extends Route>(where: Where, route: R, input: Told<R>, type: string): Promise<ReplyOf<R>> {
    const idempotencyKey = randomUUID();
    let position = 0;
    const seen: typeof fetch = async (target, init) => {
      const answer = await fetch(target, init);
      if (answer.ok) position = Number(answer.headers.get(POSITION_HEADER) ?? 0);
      return answer;
    };
    const reply = await persistently(route.name, where, (at) =>
      apiClient({ ...at, fetch: seen, timeoutMs: 20_000 }).call(route, { ...input, idempotencyKey } as never),
    );
    this.acknowledged.push({ what: route.name, position, type });
    return reply;
  }

  async read<R extends Route>(where: Where, route: R, input: Told<R>): Promise<ReplyOf<R>> {
    const ask = (at: NonNullable<ReturnType<Where>>) => apiClient(at).call(route, input as never);
    return persistently(route.name, where, ask);
  }
}

/** Answers that say "not now"; 500 is none of them. */
const PASSING = new Set([502, 503, 504]);

async function persistently<T>(
  what: string,
  where: Where,
  ask: (at: NonNullable<ReturnType<Where>>) => Promise<T>,
): Promise<T> {
  let why = 'it is not there';
  const attempt = async (): Promise<{ readonly reply: T } | undefined> => {
    const at = where();
    if (!at) return undefined;
    try {
      return { reply: await ask(at) };
    } catch (error) {
      if (!(error instanceof ApiError) || !PASSING.has(error.problem.status)) throw error;
      why = error.message;
      return undefined;
    }
  };
  const { reply } = await eventually(`an answer to ${what}`, attempt, { withinMs: PATIENCE_MS }).catch(
    (error: Error) => {
      throw error instanceof ApiError ? error : new Error(`${error.message}; last: ${why}`, { cause: error });
    },
  );
  return reply;
}
