import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './is-database-away.js';

const coded = (code: string) => Object.assign(new Error('words'), { code });

describe('a database is away', () => {
  it.each([
    ['when it was killed under a query', coded('57P01')],
    ['while it recovers', coded('57P03')],
    ['when it ended a session that said nothing', coded('57P05')],
    ['when it has too many connections', coded('53300')],
    ['when it has no memory', coded('53200')],
    ['when its disk is full', coded('53100')],
    ['when its name cannot be looked up now', coded('EAI_AGAIN')],
    ['when its network is not there', coded('ENETUNREACH')],
    ['when nobody listens', coded('ECONNREFUSED')],
    ['when the connection breaks', new Error('Connection terminated unexpectedly')],
    ['when nobody answers', new Error('timeout expired')],
    ['as TypeORM says it', Object.assign(new Error('words'), { driverError: coded('57P02') })],
  ])('%s', (_, error) => expect(isDatabaseAway(error)).toBe(true));

  it.each([
    ['a value does not fit', coded('22P02')],
    ['it was dropped', coded('57P04')],
    ['its configuration does not allow it', coded('53400')],
    ['somebody cancelled it', coded('57014')],
    ['something is missing', Object.assign(new Error('words'), { driverError: coded('42P01') })],
    ['the mistake is ours', new TypeError('Connection is not a function')],
    ['nothing is known', undefined],
  ])('but not when %s', (_, error) => expect(isDatabaseAway(error)).toBe(false));
});
