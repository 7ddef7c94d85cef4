import { applyDecorators, createParamDecorator, Delete, Get, HttpCode, Patch, Post, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { IDEMPOTENCY_HEADER, POSITION_HEADER } from '@caravan/api';
import type { ParamsOf, Route, Yields } from '@caravan/api';
import { z } from 'zod';
import { Refused } from './refused.js';

const ROUTE = 'caravan:route';
const methods = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete };

/** A request as its route declares it: everything in it was checked. */
export interface Call<R extends Route = Route> {
  readonly params: ParamsOf<R>;
  readonly body: Yields<R['body']>;
  readonly query: Yields<R['query']>;
  readonly idempotencyKey: string | undefined;
  /** The log position that the reader has seen. */
  readonly position: number;
}

interface LocalRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  call?: Call;
}

/** Serves a route: its method, path and status come from its declaration. */
export const Handle = (route: Route): MethodDecorator =>
  applyDecorators(
    methods[route.method](route.path.replace(/\{(\w+)\}/g, ':$1')),
    HttpCode(route.status),
    SetMetadata(ROUTE, route),
  );

/** `@TheCall() call: Call<typeof openSiteListener>`; the interceptor has read it, also for those who do not ask. */
export const TheCall = createParamDecorator(
  (_: unknown, context: ExecutionContext): Call | undefined => context.switchToHttp().getRequest<LocalRequest>().call,
);

/** Reads a request as the route of its handler declares it. Throws Refused `request.invalid`. */
export function readCallOf(context: ExecutionContext): void {
  const route = Reflect.getMetadata(ROUTE, context.getHandler()) as Route | undefined;
  const request = context.switchToHttp().getRequest<LocalRequest>();
  if (route) request.call = readCall(route, request);
}

const ids = z.record(z.string(), z.uuid('must be an id'));
const key = z.string().min(1).max(100).optional();
const position = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the log position that a write answered')
  .default('0')
  .transform(Number);

/** Throws Refused `request.invalid`, saying what is wrong where. */
export function readCall(route: Route, { headers, params, query, body }: LocalRequest): Call {
  return {
    params: parsed(ids, params),
    body: route.body ? parsed(route.body, body === undefined ? {} : body) : undefined,
    query: route.query ? parsed(route.query, query) : undefined,
    idempotencyKey: parsed(key, headers[IDEMPOTENCY_HEADER], IDEMPOTENCY_HEADER),
    position: parsed(position, headers[POSITION_HEADER], POSITION_HEADER),
  };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, name = ''): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 10).map(({ path, message }) => ({
    path: [name, ...path.map(String)].filter(Boolean).join('.').slice(0, 100),
    message: message.slice(0, 200),
  }));
  const detail = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new Refused('request.invalid', detail, { issues });
}
