import { applyDecorators, createParamDecorator, Delete, Get, HttpCode, Patch, Post, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { IDEMPOTENCY_HEADER, POSITION_HEADER } from '@caravan/api';
import type { ParamsOf, Route, Yields } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import type { Actor } from '@caravan/events';
import { derivedId, newId, parsed, requireStorable } from '@caravan/platform';
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const ROUTE = 'caravan:route';
export const SOURCE = 'management-controller';

/** W3C Trace Context, 3.2. Any other text is not kept in the log for ever. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A request as its route declares it: everything in it has been checked. */
export interface Call<R extends Route = Route> {
  readonly params: ParamsOf<R>;
  readonly body: Yields<R['body']>;
  readonly query: Yields<R['query']>;
  /** For the commands that it leads to. */
  readonly metadata: CommandMetadata;
  /** An id that is the same when the same request comes again with its `Idempotency-Key`. */
  readonly idFor: (what: string) => string;
}

export interface AuthenticatedRequest {
  readonly actor: Actor;
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly params: Record<string, string>;
  readonly query: unknown;
  readonly body: unknown;
  call?: Call;
}

const methods = { GET: Get, POST: Post, PATCH: Patch, DELETE: Delete };
const ids = z.record(z.string(), z.uuid('must be an id'));

/** Serves a route: its method, path and status come from its declaration. */
export const Handle = (route: Route): MethodDecorator =>
  applyDecorators(
    methods[route.method](route.path.replace(/\{(\w+)\}/g, ':$1')),
    HttpCode(route.status),
    SetMetadata(ROUTE, route),
  );

/** `@TheCall() call: Call<typeof createBackbone>`; the interceptor has read it, also for those who do not ask. */
export const TheCall = createParamDecorator(
  (_: unknown, context: ExecutionContext): Call | undefined =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().call,
);

/** @throws Rejection `request.invalid`, saying what is wrong where. */
export function readCall(route: Route, request: AuthenticatedRequest, now: Date): Call {
  const params: Call['params'] = parsed(ids, request.params);
  const body = route.body ? parsed(route.body, request.body === undefined ? {} : request.body) : undefined;
  requireStorable(request.query); // bodies are read so; a query is not
  const query = route.query ? parsed(route.query, request.query) : undefined;
  const commandId = commandIdOf(request, now);
  return {
    params,
    body,
    query,
    metadata: {
      commandId,
      now,
      actor: request.actor,
      via: 'api',
      source: SOURCE,
      correlationId: commandId,
      causationId: commandId,
      traceparent: TRACEPARENT.exec(header(request, 'traceparent') ?? '')?.[0],
      ownerGroup: null,
    },
    idFor: (what) => derivedId(what, commandId),
  };
}

/** The same caller, key and request: the same command. A key that comes with another request is another command. */
function commandIdOf(request: AuthenticatedRequest, now: Date): string {
  const key = header(request, IDEMPOTENCY_HEADER);
  if (key === undefined) return newId(now.getTime());
  if (key.length === 0 || key.length > 100) {
    throw new Rejection('request.invalid', { detail: `${IDEMPOTENCY_HEADER} must have 1 to 100 characters` });
  }
  const body = createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest('hex');
  return derivedId('command', request.actor.kind, request.actor.id, request.method, request.originalUrl, key, body);
}

/** What the reader has seen; 0: nothing. */
export function readPosition(request: Pick<AuthenticatedRequest, 'headers'>): number {
  const text = header(request, POSITION_HEADER);
  if (text === undefined) return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Rejection('request.invalid', { detail: 'caravan-position must be the log position that a write answered' });
}

function header(request: Pick<AuthenticatedRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
