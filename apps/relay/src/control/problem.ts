import type { ServerResponse } from 'node:http';
import type { ProblemDetails } from '@caravan/data-plane/relay';

const PROBLEMS = {
  'control.not-found': [404, 'There is nothing here'],
  'control.method': [405, 'This cannot be done here'],
  'control.body-too-large': [413, 'The body is longer than a configuration may be'],
  'control.body-incomplete': [400, 'The body ended early'],
  'control.not-json': [400, 'The body is not JSON'],
  'configuration.malformed': [400, 'The body is not a configuration'],
  'control.malformed': [400, 'This is not an HTTP request'],
  'control.unreachable': [503, 'The management plane cannot be reached over any link'],
  'control.unexpected': [500, 'The relay failed; its log says more'],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export class ControlProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
  ) {
    super(code);
  }

  get body(): ProblemDetails {
    const [status, title] = PROBLEMS[this.code];
    return { title, status, code: this.code, ...(this.detail !== undefined && { detail: this.detail }) };
  }

  static from(error: unknown): ControlProblem {
    return error instanceof ControlProblem ? error : new ControlProblem('control.unexpected');
  }
}

export function answerProblem(response: ServerResponse, problem: ControlProblem): void {
  if (response.headersSent) return void response.destroy();
  const body = JSON.stringify(problem.body);
  response.writeHead(problem.body.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    // What was not read of a refused body must not pass for the next request.
    connection: 'close',
  });
  response.end(body);
}

/** The same for a connection that is no HTTP exchange any more. */
export function problemText(problem: ControlProblem): string {
  const body = JSON.stringify(problem.body);
  const { status, title } = problem.body;
  return [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
