import { describe, expect, it } from 'vitest';
import { ApiError, apiRoutes } from '@caravan/api';
import { CliError, interrupted, usageError } from './cli-error.js';
import { exitCodeTable } from './exit-codes.js';
import { failureJson, failureOf, failureText, withoutRequests } from './failure.js';
import { fileFailure } from './file-failure.js';
import { codesWithRemedy, remedyFor } from './remedies.js';
import { Reworded } from './reworded.js';

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
    expect(failureOf(error)).toMatchObject({ code: 'file.enoent', at: '/token', exit: 1 });
  });

  it.each([
    ['ENOSPC', 'there is no space left on its disk', 'free some space, or name a file on another disk'],
    ['EACCES', 'this user may not', 'name a file that this user may use'],
    ['EROFS', 'its disk can only be read', 'name a file on another disk'],
  ])('says why in words, and is no fault of this program (%s)', (code, why, remedy) => {
    const error = Object.assign(new Error(`${code}: said by the system, write`), { code, syscall: 'write', errno: -1 });
    expect(failureOf(error)).toMatchObject({ code: `file.${code.toLowerCase()}`, remedies: [remedy] });
    expect(failureOf(fileFailure(error, '/shop.json'))).toMatchObject({
      at: '/shop.json',
      detail: `/shop.json cannot be used: ${why} (${error.message}).`,
    });
  });

  it('of this program itself is told as such', () => {
    const fault = Object.assign(new Error('odd'), { code: 'ERR_ASSERTION' });
    expect(failureOf(fault)).toMatchObject({ code: 'cli.fault' });
  });
});

describe('what a server says to programs', () => {
  it.each([
    [
      'It is not known whether it was decided. Look at the list once this site is connected; sent again with the same Idempotency-Key it is decided once.',
      'It is not known whether it was decided. Look at the list once this site is connected.',
    ],
    [
      'There is no answer within 20 s. It may have taken effect all the same; sent again with the same Idempotency-Key it does so once.',
      'There is no answer within 20 s. It may have taken effect all the same.',
    ],
    [
      'The certificate is not signed yet; is cert-service running? Send the same request again in a moment.',
      'The certificate is not signed yet; is cert-service running?',
    ],
    [
      'it is not known whether a command on x was stored (no answer): send it again with the same id',
      'it is not known whether a command on x was stored (no answer).',
    ],
    [
      'Nothing was changed. Try again once this site is connected; GET /site/v1/state says when.',
      'Nothing was changed. Try again once this site is connected.',
    ],
  ])('is not said to people: %s', (said, shown) => {
    expect(withoutRequests(said)).toBe(shown);
    expect(failureOf(problem('x.y', 503, { detail: said })).detail).toBe(shown);
  });

  it('is all that is said to people otherwise', () => {
    const said = 'No answer from http://127.0.0.1:4400/api/v1: it ended. Is it running; is it there?';
    expect(withoutRequests(said)).toBe(said);
    expect(withoutRequests('Send the same request again.')).toBe('Send the same request again.');
  });
});

describe('a failure that its command knows more of', () => {
  it('keeps its code, exit and facts, and says first what it means here and what to do', () => {
    const refused = problem('certificate.pending', 503, { certificateId: '7' });
    const told = new Reworded(refused, { before: 'The invitation store was created', remedies: ['fetch it'] });
    expect(failureOf(told)).toEqual({
      ...failureOf(refused),
      detail: 'The invitation store was created: It is so.',
      remedies: ['fetch it'],
    });
    expect(failureOf(new Reworded(interrupted('stopped'), { remedies: ['go on'] }))).toMatchObject({
      exit: 130,
      detail: 'stopped',
      remedies: ['go on'],
    });
  });
});

describe('nobody who answers', () => {
  it('is looked for before another login is made', () => {
    const { remedies } = failureOf(problem('api.unreachable', 503));
    expect(remedies[0]).toContain('is the installation running');
    expect(remedies.at(-1)).toContain('caravan login --url');
  });
});

describe('remedies', () => {
  it('are for codes that the API really has', () => {
    const ofAny = [
      'api.unreachable',
      'api.not-trusted',
      'api.unexpected-answer',
      'service.timeout',
      'log.unavailable',
      'management.away',
      'projection.behind',
    ];
    const known = new Set([...apiRoutes.flatMap(({ codes }) => codes), ...ofAny]);
    expect(codesWithRemedy.filter((code) => !known.has(code))).toEqual([]);
  });

  it('exist for whoever is not known', () => {
    expect(remedyFor('auth.whatever', 401)).toEqual(['caravan login --token-file <file>']);
    expect(remedyFor('some.other', 409)).toEqual([]);
  });
});
