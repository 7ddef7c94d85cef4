import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { LogError, Rejection } from '@caravan/event-store';
import { PkiError } from '@caravan/pki';
import { mayHelpLater, refusalOf, statusOf } from './index.js';

describe('the table of statuses', () => {
  it.each([
    ['network.not-found', 404],
    ['invitation.expired', 410],
    ['network.name-taken', 409],
    ['anything.else', 409],
    ['request.invalid', 400],
    ['csr.bad-signature', 400],
    ['log.unavailable', 503],
    ['log.incomplete', 503],
    ['log.behind', 503],
    ['nodots', 409],
  ])('maps %s to %d', (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  it('tells what a retry may help', () => {
    expect(['log.unavailable', 'network.not-started', 'service.busy'].map(mayHelpLater)).toEqual([true, true, true]);
    // A site that is told "never" ends for ever.
    expect(mayHelpLater('site.too-fast')).toBe(true);
    expect(['log.incomplete', 'log.behind', 'log.undecodable', 'directory.halted'].map(mayHelpLater)).not.toContain(
      false,
    );
    expect(['invitation.expired', 'request.invalid', 'network.ended'].map(mayHelpLater)).toEqual([false, false, false]);
  });
});

describe('what may be told of an error', () => {
  it('is a code and words for all that is foreseen', () => {
    expect(refusalOf(new Rejection('invitation.limit-reached', { limit: 5 }))).toMatchObject({
      code: 'invitation.limit-reached',
      detail: 'invitation limit reached (limit: 5)',
      details: { limit: 5 },
      unforeseen: false,
    });
    expect(refusalOf(new Rejection('a.b', { detail: 'In words.' })).detail).toBe('In words.');
    expect(refusalOf(new LogError('log.unavailable', 'no answer'))).toMatchObject({
      code: 'log.unavailable',
      detail: 'no answer',
    });
    expect(refusalOf(new PkiError('csr.malformed', 'not a request'))).toMatchObject({ code: 'csr.malformed' });
    expect(refusalOf(new NotFoundException())).toMatchObject({ code: 'route.not-found', unforeseen: false });
  });

  it('is that the database is away, without its words', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    expect(refusalOf(error)).toMatchObject({ code: 'service.unavailable', unforeseen: false });
    expect(JSON.stringify(refusalOf(error))).not.toContain('10.0.0.7');
  });

  it.each([new Error('secret'), 'a string', null, undefined, { status: 404, message: 'secret' }])(
    'is nothing for %p, which nobody foresaw',
    (error) => {
      const refusal = refusalOf(error);
      expect(refusal).toMatchObject({ code: 'service.internal', unforeseen: true });
      expect(JSON.stringify(refusal)).not.toContain('secret');
    },
  );
});
