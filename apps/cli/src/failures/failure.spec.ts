import { describe, expect, it } from '@jest/globals';
import { ApiError, apiRoutes } from '@caravan/api';
import { CliError, interrupted, usageError } from './cli-error.js';
import { exitCodeTable } from './exit-codes.js';
import { failureJson, failureOf, failureText } from './failure.js';
import { codesWithRemedy, remedyFor } from './remedies.js';

const problem = (code: string, status: number, more: object = {}) =>
  new ApiError({ type: `urn:caravan:problem:${code}`, title: code, status, code, detail: 'It is so.', ...more });

describe('how a command ends', () => {
  it.each([
    [problem('network.has-invitations', 409), 1],
    [problem('auth.unauthenticated', 401), 1],
    [usageError('cli.bad-time', 'no'), 2],
    [new CliError('invitation.expired', 'no', { exit: 3 }), 3],
    [problem('api.unreachable', 503), 4],
    [interrupted('stopped'), 130],
    [new Error('a fault'), 1],
    ['thrown text', 1],
  ])('%s ends with %d', (error, exit) => {
    expect(failureOf(error).exit).toBe(exit);
  });

  it('has one meaning for each code', () => {
    const codes = exitCodeTable.map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('an error', () => {
  const refused = failureOf(problem('listener.port-taken', 409, { instance: 'POST /x', port: 8080, by: { id: 1 } }));

  it('says what, with its code, where, what else is known, and the remedy', () => {
    expect(failureText(refused)).toBe(
      [
        'caravan: It is so. [listener.port-taken]',
        '  at: POST /x',
        '  port: 8080',
        '  by: {"id":1}',
        '  try: choose another --port',
        '',
      ].join('\n'),
    );
  });

  it('says the same to programs', () => {
    expect(JSON.parse(failureJson(refused))).toEqual({
      code: 'listener.port-taken',
      detail: 'It is so.',
      status: 409,
      instance: 'POST /x',
      port: 8080,
      by: { id: 1 },
      remedies: ['choose another --port'],
      exitCode: 1,
    });
  });

  it('names the file that could not be read', () => {
    const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', path: '/token' });
    expect(failureOf(error)).toMatchObject({ code: 'file.enoent', at: '/token' });
  });
});

describe('remedies', () => {
  it('are for codes that the API really has', () => {
    const known = new Set([...apiRoutes.flatMap(({ codes }) => codes), 'api.unreachable', 'api.unexpected-answer']);
    expect(codesWithRemedy.filter((code) => !known.has(code))).toEqual([]);
  });

  it('exist for whoever is not known', () => {
    expect(remedyFor('auth.whatever', 401)).toEqual(['caravan login --token-file <file>']);
    expect(remedyFor('some.other', 409)).toEqual([]);
  });
});
