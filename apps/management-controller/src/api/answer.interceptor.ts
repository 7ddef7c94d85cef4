import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { POSITION_HEADER } from '@caravan/api';
import type { ReplyOf, Route } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { killPoint } from '@caravan/kill-points';
import { from, switchMap, throwError, timeout } from 'rxjs';
import type { Observable } from 'rxjs';
import { PROGRESS, seen } from '../read-models/progress.js';
import type { Progress } from '../read-models/progress.js';
import { readCall, readPosition, ROUTE } from './handle.js';
import type { AuthenticatedRequest } from './handle.js';

/** What a write answers: where it took effect, and how the reply is read once that shows in the lists. */
export class Written<R extends Route = Route> {
  constructor(
    readonly position: number,
    readonly reply?: () => Promise<ReplyOf<R>>,
  ) {}
}

/** Nobody waits longer for an answer: what is that slow is away. */
const ANSWER_WITHIN_MS = 20_000;
/** So long an answer that needs no list waits for the lists. */
const SHOWN_WITHIN_MS = 1_000;

const tooLate = (): Observable<never> => {
  const seconds = ANSWER_WITHIN_MS / 1_000;
  const detail =
    `There is no answer within ${seconds} s: something that this stands on is away, and the status says what. It may have ` +
    'taken effect all the same; sent again with the same Idempotency-Key it does so once.';
  return throwError(() => new Rejection('service.timeout', { detail }));
};

/**
 * Read your writes: a read waits for the position that it was given, a write answers with its own, and its reply is read from the
 * same lists as everything else, so that there is one way from rows to resources.
 */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(@Inject(PROGRESS) private readonly progress: Progress) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as Route | undefined;
    if (!route) return next.handle();
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.call = readCall(route, request, new Date());
    const response = context.switchToHttp().getResponse<{ setHeader(name: string, value: string): void }>();
    const what = killPoint && `${request.method} ${request.originalUrl}`;
    const before =
      request.method === 'GET' ? seen(this.progress, readPosition(request)) : killPoint?.('api.received', what);
    const answering = from(before ?? Promise.resolve()).pipe(
      switchMap(() => next.handle()),
      switchMap(async (answer: unknown): Promise<unknown> => {
        if (!(answer instanceof Written)) {
          response.setHeader(POSITION_HEADER, String(this.progress.position()));
          return answer;
        }
        response.setHeader(POSITION_HEADER, String(answer.position));
        await (answer.reply ? seen(this.progress, answer.position) : this.shown(answer.position));
        const reply: unknown = await answer.reply?.();
        if (killPoint) await killPoint('api.answering', what);
        return reply;
      }),
    );
    return route.takesLong ? answering : answering.pipe(timeout({ each: ANSWER_WITHIN_MS, with: tooLate }));
  }

  /** Whoever deletes and then lists, without saying as of when, hardly ever sees it still. It is done, and said to be, all the same. */
  private async shown(position: number): Promise<void> {
    await this.progress.waitFor(position, SHOWN_WITHIN_MS).catch(() => undefined);
  }
}
