import { Catch, HttpException, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE_BASE, SITE_API_BASE_PATH, siteRoutes } from '@caravan/api';
import type { Problem } from '@caravan/api';
import { RelayProblem } from '@caravan/data-plane/relay';
import type { Log } from '../log.js';
import { Refused, statusOf } from './refused.js';

interface Response {
  readonly headersSent: boolean;
  status(code: number): Response;
  type(mediaType: string): Response;
  setHeader(name: string, value: string): unknown;
  send(body: string): unknown;
  destroy(): void;
}

/** Told of everything that is refused: code, where, and why. */
export type Noted = (code: string, fields: object, detail: string) => void;

/** In characters: an answer does not grow with what was asked. */
const MOST_OF_A_PATH = 200;

/** What Nest and its body parser refuse by themselves, by their status. */
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'request.invalid',
  404: 'route.not-found',
  405: 'request.method-not-allowed',
  408: 'request.too-slow',
  413: 'request.too-large',
  415: 'request.unsupported-media-type',
};

/** Answers everything that is thrown in RFC 9457 problem details, with a stable code. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly refused: Noted,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<{ method: string; originalUrl: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    const path = request.originalUrl.split('?')[0] ?? '';
    const methods = error instanceof NotFoundException ? methodsAt(path) : [];
    const problem = problemOf(methods.length > 0 ? wrongMethod(methods) : error, path.slice(0, MOST_OF_A_PATH));
    this.refused(problem.code, { method: request.method, path: problem.instance }, problem.detail);
    if (problem.status === 500) this.log.error({ path: problem.instance, err: error }, 'a local request failed');
    if (response.headersSent) return response.destroy();
    if (methods.length > 0) response.setHeader('allow', methods.join(', '));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** The methods of a path that is there; none when it is not. */
const methodsAt = (path: string): string[] =>
  siteRoutes
    .filter((route) => new RegExp(`^${SITE_API_BASE_PATH}${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .map(({ method }) => method)
    .sort();

const wrongMethod = (methods: readonly string[]): Refused =>
  new Refused('request.method-not-allowed', `Here is ${methods.join(', ')}, and nothing else.`);

export function problemOf(error: unknown, instance: string): Problem {
  const { code, message, details } = refusalOf(error);
  const title = code.replace('.', ': ').replaceAll('-', ' ');
  return { ...details, type: PROBLEM_TYPE_BASE + code, title, status: statusOf(code), code, detail: message, instance };
}

function refusalOf(error: unknown): Pick<Refused, 'code' | 'message' | 'details'> {
  if (error instanceof Refused) return error;
  if (error instanceof RelayProblem && error.status === 0) {
    return new Refused(
      'relay.unavailable',
      `The relay of this site does not answer: ${error.message}. One that has ended is started again.`,
    );
  }
  const code = BY_STATUS[statusIn(error) ?? 0];
  if (code === undefined) return new Refused('service.internal', 'This is our fault; the log of the site says more.');
  // Nest makes one exception of a body that is no JSON and of a path that is not encoded.
  const isNotJson = code === 'request.invalid' && / JSON /.test((error as Error).message);
  return new Refused(isNotJson ? 'request.not-json' : code, (error as Error).message);
}

/** Of Nest's exceptions, and of http-errors, which the body parser throws. */
function statusIn(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { status, expose } = Object(error) as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && expose === true ? status : undefined;
}
