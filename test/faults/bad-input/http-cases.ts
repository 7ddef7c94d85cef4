import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { IDEMPOTENCY_HEADER, join, POSITION_HEADER, problemSchema } from '@caravan/api';
import type { Problem, Route } from '@caravan/api';
import { BAD_IDS, badBodies, badQueries } from './hostile.js';

/** An HTTP API under attack. */
export interface Target {
  /** With its base path. */
  readonly url: string;
  readonly token: string;
  /** The secret of a join token, which alone opens the route that is for it. */
  readonly joinToken?: string;
  readonly routes: readonly Route[];
  /** Of a body. */
  readonly mostBytes: number;
}

export interface Attempt {
  readonly what: string;
  readonly method: string;
  /** Below the base path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly expected: { readonly status: readonly number[]; readonly code?: RegExp; readonly field?: string };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const path = (route: Route, bad?: { readonly param: string; readonly id: string }): string =>
  route.path.replace(/\{(\w+)\}/g, (_, name: string) => (name === bad?.param ? bad.id : randomUUID()));

const tokenFor = (route: Route, { token, joinToken }: Pick<Target, 'token' | 'joinToken'>): string =>
  route.path === join.path ? (joinToken ?? token) : token;

/** Everything that is wrong with a request and can be told before anything is decided. A new route has it all by itself. */
export function attemptsAt(
  route: Route,
  { mostBytes, ...tokens }: Pick<Target, 'token' | 'joinToken' | 'mostBytes'>,
): Attempt[] {
  const token = tokenFor(route, tokens);
  const bearer = { authorization: `Bearer ${token}` };
  const attempt = (
    what: string,
    expected: Attempt['expected'],
    { headers = {}, ...more }: Partial<Pick<Attempt, 'path' | 'headers' | 'body'>> = {},
  ): Attempt => ({
    what: `${route.name}: ${what}`,
    method: route.method,
    path: path(route),
    headers: { ...bearer, ...headers },
    expected,
    ...more,
  });
  const invalid = { status: [400], code: /^request\.(invalid|not-json)$/ };
  const nobody = { status: [401], code: /^request\.unauthenticated$/ };
  const withBody = (what: string, expected: Attempt['expected'], body: NonNullable<Attempt['body']>, headers = {}) =>
    attempt(what, expected, { body, headers: { ...JSON_TYPE, ...headers } });
  const tooLarge = { status: [413], code: /^request\.too-large$/ };
  const unsupported = { status: [415], code: /^request\.unsupported-media-type$/ };

  const identified = [
    attempt('no token', nobody, { headers: { authorization: '' } }),
    attempt('another token', nobody, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } }),
    attempt('another scheme', nobody, { headers: { authorization: `Basic ${token}` } }),
    attempt('a token of 10,000', nobody, { headers: { authorization: `Bearer ${'x'.repeat(10_000)}` } }),
    attempt('a token of 20,000', { status: [431] }, { headers: { authorization: `Bearer ${'x'.repeat(20_000)}` } }),
  ];
  const addressed = route.params.flatMap((param) =>
    BAD_IDS.map((id) => attempt(`${id.slice(0, 20)} as ${param}`, invalid, { path: path(route, { param, id }) })),
  );
  const asked = route.query
    ? badQueries(route).map((query) => attempt(`?${query.slice(0, 30)}`, invalid, { path: `${path(route)}?${query}` }))
    : [];
  const said =
    route.method === 'GET'
      ? ['-1', 'x', '1e3', '9'.repeat(30)].map((at) =>
          attempt(`position ${at}`, invalid, { headers: { [POSITION_HEADER]: at } }),
        )
      : ['', 'x'.repeat(101)].map((key) =>
          attempt(`a key of ${key.length}`, invalid, { headers: { [IDEMPOTENCY_HEADER]: key } }),
        );
  // A body that no route wants is refused as well when it is none that could be read.
  const carried = [
    withBody('a form', unsupported, 'name=a', { 'content-type': 'application/x-www-form-urlencoded' }),
    withBody('text', unsupported, '{}', { 'content-type': 'text/plain' }),
    withBody('UTF-16', unsupported, '{}', { 'content-type': 'application/json; charset=utf-16' }),
    withBody('a compressed body', unsupported, gzipSync('{}'), { 'content-encoding': 'gzip' }),
    withBody('bytes that are no text', invalid, Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
    withBody('too large a body', tooLarge, `"${'x'.repeat(mostBytes)}"`),
  ];
  const bodies = (route.body ? badBodies(route) : []).map(({ what, text, field }) => {
    if (Buffer.byteLength(text) > mostBytes) return withBody(what, tooLarge, text);
    return withBody(what, { ...invalid, ...(field !== undefined && { field }) }, text);
  });
  const sendable = route.method === 'GET' ? [] : [...carried, ...bodies]; // `fetch` sends no body with GET
  return [...identified, ...addressed, ...asked, ...said, ...sendable];
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** At each path every method that is not served there. */
export function wrongMethods({ routes, ...tokens }: Pick<Target, 'routes' | 'token' | 'joinToken'>): Attempt[] {
  return routes.flatMap((route) => {
    const served = routes.filter((other) => other.path === route.path).map(({ method }): string => method);
    if (served[0] !== route.method) return []; // once for each path
    return METHODS.filter((method) => !served.includes(method)).map((method) => ({
      what: `${method} ${route.path}`,
      method,
      path: path(route),
      headers: { authorization: `Bearer ${tokenFor(route, tokens)}` },
      expected: { status: [405], code: /^request\.method-not-allowed$/ },
    }));
  });
}

export interface Outcome {
  readonly attempt: Attempt;
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly bytes: number;
  readonly ms: number;
}

/** Longer than any refusal takes on a busy machine, and shorter than any time limit of the server. */
const PATIENCE_MS = 15_000;
const MOST_ANSWER_BYTES = 8_192;

export async function make({ url }: Pick<Target, 'url'>, attempt: Attempt): Promise<Outcome> {
  const { method, path: at, headers, body } = attempt;
  const started = performance.now();
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(url + at, {
    method,
    headers,
    signal,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem = isProblem ? problemSchema.parse(JSON.parse(text)) : undefined;
  return { attempt, status: answer.status, problem, bytes: Buffer.byteLength(text), ms: performance.now() - started };
}

/** What is wrong with an outcome, in words. */
export function faultsOf({ attempt: { what, expected }, status, problem, bytes }: Outcome): string[] {
  const says = (words: string) => `${what}: ${words}`;
  if (!problem) return [says(`${status} without problem details`)];
  const field = expected.field;
  const isNamed = field === undefined || problem.detail.includes(field);
  return [
    ...(expected.status.includes(status) && problem.status === status ? [] : [says(`${status} ${problem.code}`)]),
    ...(!expected.code || expected.code.test(problem.code) ? [] : [says(`the code ${problem.code}`)]),
    ...(isNamed ? [] : [says(`does not say that it is ${field}: ${problem.detail}`)]),
    ...(problem.detail.length > 0 ? [] : [says('no words')]),
    ...(bytes <= MOST_ANSWER_BYTES ? [] : [says(`an answer of ${bytes} bytes`)]),
  ];
}

/** Runs through `all`, so many at a time. */
export async function inTurns<Each, Result>(
  all: readonly Each[],
  atATime: number,
  work: (each: Each) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = all.entries();
  const turn = async (): Promise<void> => {
    for (const [index, each] of left) results[index] = await work(each);
  };
  await Promise.all(Array.from({ length: atATime }, turn));
  return results;
}
