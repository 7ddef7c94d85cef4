import { IDEMPOTENCY_HEADER, POSITION_HEADER, problemSchema } from './problem.js';
import type { Problem } from './problem.js';
import type { BodyOf, ParamsOf, QueryOf, ReplyOf, Route } from './route.js';

/** The server refused or could not answer; `problem` says why. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.detail} (${problem.code})`);
    this.name = 'ApiError';
  }
}

export interface ClientOptions {
  /** Base URL of the API: `http://127.0.0.1:4400/api/v1`. */
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

interface LooseInput {
  readonly params?: Record<string, string>;
  readonly body?: unknown;
  readonly query?: Record<string, string | number | undefined>;
  readonly idempotencyKey?: string;
}

type Input<R extends Route> = (keyof ParamsOf<R> extends never ? { params?: undefined } : { params: ParamsOf<R> }) &
  ([BodyOf<R>] extends [undefined] ? { body?: undefined } : { body: BodyOf<R> }) & {
    query?: QueryOf<R>;
    idempotencyKey?: string;
  };

/**
 * Calls routes by their declaration. Remembers the highest log position that a write answered with and sends it along, so that
 * what was just written is in what is read next.
 * @throws ApiError for every answer that is a problem, and for an unreachable server (code `api.unreachable`).
 */
export const apiClient = ({ url, token, fetch: send = fetch, timeoutMs = 30_000 }: ClientOptions) => {
  let position = 0;

  const call = async <R extends Route>(route: R, ...[input]: [Input<R>]): Promise<ReplyOf<R>> => {
    const { params = {}, body, query, idempotencyKey } = input as LooseInput;
    const target = new URL(url.replace(/\/$/, '') + fill(route.path, params));
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) target.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (position > 0) headers[POSITION_HEADER] = String(position);
    if (idempotencyKey !== undefined) headers[IDEMPOTENCY_HEADER] = idempotencyKey;

    const failed = (cause: unknown): never => {
      throw unreachable(url, cause);
    };
    const answer = await send(target, {
      method: route.method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(failed);
    // A server that ends in the middle of its answer has not answered.
    const text = await answer.text().catch(failed);
    if (!answer.ok) throw new ApiError(readProblem(answer.status, text, target));
    position = Math.max(position, Number(answer.headers.get(POSITION_HEADER) ?? 0));
    return (route.reply ? route.reply.parse(JSON.parse(text)) : undefined) as ReplyOf<R>;
  };

  return { call, position: () => position };
};
export type ApiClient = ReturnType<typeof apiClient>;

const fill = (path: string, params: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

const readProblem = (status: number, text: string, target: URL): Problem => {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    const detail = `${target.host} answered ${status} without problem details; is this the address of Caravan's API?`;
    return { type: 'about:blank', title: 'Unexpected answer', status, code: 'api.unexpected-answer', detail };
  }
};

const unreachable = (url: string, cause: unknown): ApiError => {
  const reason =
    cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
  const detail = `No answer from ${url}: ${reason}. Is it running, and is the address right?`;
  return new ApiError({ type: 'about:blank', title: 'Unreachable', status: 503, code: 'api.unreachable', detail });
};
