import { ApiError } from '@caravan/api';
import type { Problem } from '@caravan/api';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { fileFailure, isFileFailure } from './file-failure.js';
import { remedyFor } from './remedies.js';
import { Reworded } from './reworded.js';

/** Anything that ended a command, in the one shape that is printed. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly exit: ExitCode;
  readonly status?: number;
  readonly at?: string;
  readonly remedies: readonly string[];
  /** What else the server said: limits, deadlines, which fields. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Nobody who is meant has heard it. */
const UNANSWERED = new Set(['api.unreachable', 'api.not-trusted']);

const STANDARD_MEMBERS = new Set(['type', 'title', 'status', 'code', 'detail', 'instance']);

/** What is said to programs that call the API; whoever types a command has no request that they could send again. */
const TO_PROGRAMS = /Idempotency-Key|\bthe same (request|id)\b|\bGET \//;

/** The detail of a refusal without what only a program could do. Pure. */
export const withoutRequests = (detail: string): string => {
  const clauses = detail.split(/(?<=[.;:?])\s+/);
  const kept = clauses.filter((clause) => !TO_PROGRAMS.test(clause));
  return kept.length === 0 || kept.length === clauses.length ? detail : kept.join(' ').replace(/[;:]$/, '.');
};

const ofProblem = (problem: Problem): Failure => ({
  code: problem.code,
  detail: withoutRequests(problem.detail),
  exit: UNANSWERED.has(problem.code) ? EXIT.unreachable : EXIT.refused,
  status: problem.status,
  ...(problem.instance !== undefined && { at: problem.instance }),
  remedies: remedyFor(problem.code, problem.status),
  facts: Object.fromEntries(Object.entries(problem).filter(([name]) => !STANDARD_MEMBERS.has(name))),
});

/** What a thrown value means to who typed the command. A fault of this program keeps its message and says so in its code. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof Reworded) {
    const { before, remedies } = error.more;
    const failure = failureOf(error.cause);
    return { ...failure, detail: before === undefined ? failure.detail : `${before}: ${failure.detail}`, remedies };
  }
  if (error instanceof ApiError) return ofProblem(error.problem);
  if (error instanceof CliError) {
    const { code, message, exit, at, remedies } = error;
    return { code, detail: message, exit, ...(at !== undefined && { at }), remedies, facts: {} };
  }
  if (isFileFailure(error)) return failureOf(fileFailure(error));
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: 'cli.fault',
    detail: `caravan itself failed: ${detail}`,
    exit: EXIT.refused,
    remedies: ['run it again with CARAVAN_DEBUG=1 and report what it prints'],
    facts: {},
  };
};

const factLine = ([name, value]: [string, unknown]): string =>
  `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;

/** For people: what (with its code), where, facts, remedies. */
export const failureText = ({ code, detail, at, facts, remedies }: Failure): string =>
  [
    `caravan: ${detail} [${code}]`,
    ...(at === undefined ? [] : [`  at: ${at}`]),
    ...Object.entries(facts).map(factLine),
    ...remedies.map((remedy) => `  try: ${remedy}`),
    '',
  ].join('\n');

/** For programs, on stderr with `-o json`: RFC 9457's words, and how the process ends. */
export const failureJson = ({ code, detail, exit, status, at, remedies, facts }: Failure): string =>
  `${JSON.stringify({
    ...facts,
    code,
    detail,
    ...(status !== undefined && { status }),
    ...(at !== undefined && { instance: at }),
    remedies,
    exitCode: exit,
  })}\n`;
