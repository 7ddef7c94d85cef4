import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One operation of an HTTP API, declared once for the server, its OpenAPI document and every client. */
export interface Route<
  Params extends string = string,
  Body extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** The operation id: `createBackbone`. */
  readonly name: string;
  readonly method: Method;
  /** With parameters in braces: `/backbones/{backboneId}`. Below the API's base path. */
  readonly path: string;
  readonly summary: string;
  readonly params: readonly Params[];
  readonly body?: Body;
  readonly query?: Query;
  /** Absent: 204. */
  readonly reply?: Reply;
  readonly status: 200 | 201 | 202 | 204;
  /** The codes of the domain that it may refuse with, beside those of every route. */
  readonly codes: readonly string[];
  /** It reads the whole log, or waits for somebody: no deadline but that of who asks. */
  readonly takesLong?: boolean;
}

type ParamsIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsIn<Rest>
  : never;

interface Declaration<Path extends string, Body, Query, Reply> {
  name: string;
  method: Method;
  path: Path;
  summary: string;
  body?: Body;
  query?: Query;
  reply?: Reply;
  codes?: readonly string[];
  takesLong?: boolean;
}

/** Declares a route. The status follows from the method: 201 for POST with a reply, 204 without a reply, else 200. */
export const route = <
  Path extends string,
  Body extends z.ZodType = never,
  Query extends z.ZodType = never,
  Reply extends z.ZodType = never,
>(
  declaration: Declaration<Path, Body, Query, Reply>,
): Route<ParamsIn<Path>, Body, Query, Reply> => ({
  ...declaration,
  params: [...declaration.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]) as ParamsIn<Path>[],
  status: declaration.reply === undefined ? 204 : declaration.method === 'POST' ? 201 : 200,
  codes: declaration.codes ?? [],
});

export type ParamsOf<R> = R extends Route<infer Params> ? Record<Params, string> : never;
/** A schema's type, or undefined where the route declares none. */
export type Accepts<Schema> = [Exclude<Schema, undefined>] extends [never]
  ? undefined
  : z.input<Extract<Schema, z.ZodType>>;
export type Yields<Schema> = [Exclude<Schema, undefined>] extends [never]
  ? undefined
  : z.output<Extract<Schema, z.ZodType>>;
export type BodyOf<R extends Route> = Accepts<R['body']>;
export type QueryOf<R extends Route> = Accepts<R['query']>;
export type ReplyOf<R extends Route> = Yields<R['reply']>;
