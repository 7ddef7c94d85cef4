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
  /** Absent: the caller is known by what `fetch` shows. */
  readonly token?: string | undefined;
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
 * @throws ApiError for every answer that is a problem, for an unreachable server (code `api.unreachable`), and for one that proves itself by
 * nobody who is trusted (`api.not-trusted`).
 */
export const apiClient = ({ url, token, fetch: send = fetch, timeoutMs = 30_000 }: ClientOptions) => {
  let position = 0;

  const call = async <R extends Route>(route: R, ...[input]: [Input<R>]): Promise<ReplyOf<R>> => {
    const { params = {}, body, query, idempotencyKey } = input as LooseInput;
    const target = new URL(url.replace(/\/$/, '') + fill(route.path, params));
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) target.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
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

/** What Node says of a server's certificate: OpenSSL's verdicts (X509_V_ERR_..., without that), and that its host is another. */
const OF_CERTIFICATES =
  /^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME)/;

/** Why nobody answered, or who did is not to be trusted (`api.unreachable`, `api.not-trusted`). `cause`: what was thrown by whatever connects. */
export const unreachable = (url: string, cause: unknown): ApiError => {
  const error = cause instanceof Error ? ((cause.cause as NodeJS.ErrnoException | undefined) ?? cause) : undefined;
  // Of several addresses that refuse, Node says nothing but the code.
  const reason = error?.message || (error as NodeJS.ErrnoException | undefined)?.code || String(cause);
  if (OF_CERTIFICATES.test((error as NodeJS.ErrnoException | undefined)?.code ?? '')) {
    const detail = `${url} proves itself by nobody who is trusted here: ${reason}. It was told nothing.`;
    return new ApiError({ type: 'about:blank', title: 'Not trusted', status: 503, code: 'api.not-trusted', detail });
  }
  const detail = `No answer from ${url}: ${reason}. Is it running, and is the address right?`;
  return new ApiError({ type: 'about:blank', title: 'Unreachable', status: 503, code: 'api.unreachable', detail });
};
