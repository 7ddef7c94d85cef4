import { Catch, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE_BASE } from '@caravan/api';
import type { Problem } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import type { Log } from '../logging/index.js';
import { methodsAt } from './methods-at.js';
import type { RoutedRequest } from './methods-at.js';
import { refusalOf } from './refusal.js';
import type { RequestRefusals } from './request-refusals.js';
import { statusOf } from './statuses.js';

interface Request extends RoutedRequest {
  readonly method: string;
  readonly originalUrl: string;
  readonly complete: boolean;
  readonly ip?: string;
}

interface Answer {
  readonly headersSent: boolean;
  status(code: number): Answer;
  type(mediaType: string): Answer;
  setHeader(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** In characters: an answer does not grow with what was asked. */
const MOST_OF_A_PATH = 200;
const MOST_OF_A_DETAIL = 4_000;

/** Answers everything that is thrown in RFC 9457 problem details, with a stable code. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly refusals: RequestRefusals,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const answer = http.getResponse<Answer>();
    const path = request.originalUrl.split('?')[0] ?? '';
    const methods = error instanceof NotFoundException ? methodsAt(request) : [];
    const problem = problemOf(methods.length > 0 ? wrongMethod(request.method, methods) : error, path);
    const { code, detail, status, instance } = problem;
    const about = { method: request.method, path: instance, status, peer: request.ip };
    this.refusals.note(code, about, detail);
    if (code === 'service.internal') this.log.error({ ...about, err: error }, 'request failed');
    // Part of an answer is out: all that is left is to end it, so that nobody takes it for whole.
    if (answer.headersSent) return void (answer as unknown as { destroy(): void }).destroy();
    if (methods.length > 0) answer.setHeader('allow', methods.join(', '));
    if (mayPass(status)) answer.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
    if (status === 401) answer.setHeader('www-authenticate', 'Bearer');
    // What was not read of a refused body must not pass for the next request, nor be read for ever.
    if (!request.complete) answer.setHeader('connection', 'close');
    answer.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** What of our own is away comes back by itself, mostly within seconds. */
const RETRY_AFTER_SECONDS = 2;
const mayPass = (status: number): boolean => status === 429 || status === 503 || status === 504 || status === 507;

const wrongMethod = (method: string, methods: readonly string[]): Rejection =>
  new Rejection('request.method-not-allowed', { detail: `${method} is not served here; ${methods.join(', ')} is.` });

export function problemOf(error: unknown, path: string): Problem {
  const { code, detail, details, unforeseen } = refusalOf(error);
  return {
    ...details,
    type: `${PROBLEM_TYPE_BASE}${code}`,
    title: code.replace('.', ': ').replaceAll('-', ' '),
    status: unforeseen ? 500 : statusOf(code),
    code,
    detail: detail.slice(0, MOST_OF_A_DETAIL),
    instance: path.slice(0, MOST_OF_A_PATH),
  };
}
