import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE_BASE } from '@caravan/api';
import type { Problem } from '@caravan/api';
import type { Log } from '../logging/index.js';
import { refusalOf } from './refusal.js';
import { statusOf } from './statuses.js';

interface Answer {
  readonly headersSent: boolean;
  status(code: number): Answer;
  type(mediaType: string): Answer;
  setHeader(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** Answers everything that is thrown in RFC 9457 problem details, with a stable code. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<{ method: string; originalUrl: string }>();
    const answer = http.getResponse<Answer>();
    const problem = problemOf(error, request.originalUrl.split('?')[0] ?? '');
    const about = { method: request.method, path: problem.instance, code: problem.code };
    if (problem.status >= 500) this.log.error({ ...about, err: error }, 'request failed');
    else this.log.debug(about, 'request refused');
    // Part of an answer is out: all that is left is to end it, so that nobody takes it for whole.
    if (answer.headersSent) return void (answer as unknown as { destroy(): void }).destroy();
    if (problem.status === 401) answer.setHeader('www-authenticate', 'Bearer');
    answer.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

export function problemOf(error: unknown, path: string): Problem {
  const { code, detail, details, unforeseen } = refusalOf(error);
  return {
    ...details,
    type: `${PROBLEM_TYPE_BASE}${code}`,
    title: code.replace('.', ': ').replaceAll('-', ' '),
    status: unforeseen ? 500 : statusOf(code),
    code,
    detail,
    instance: path,
  };
}
