import { describe, expect, it } from 'vitest';
import { Rejection } from '@caravan/event-store';
import { readJson, requireStorable } from './read-json.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const refusal = (of: Uint8Array): string => {
  try {
    readJson(of);
  } catch (error) {
    if (error instanceof Rejection) return `${error.code}: ${String(error.details['detail'])}`;
    throw error;
  }
  throw new Error('it was read');
};
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON from outside', () => {
  it.each([
    ['an object', '{"a":[1,{"b":null}]}'],
    ['as deep as is allowed', nested(64)],
    ['brackets that are text', JSON.stringify({ a: '[{'.repeat(100), b: '\\"[[' })],
    ['escapes', '{"a":"\\u00e4\\ud83d\\ude00\\\\u0000"}'],
    ['a name that comes twice', '{"a":1,"a":2}'],
  ])('is read when it is %s', (_, text) => {
    expect(readJson(bytes(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ['random bytes', Uint8Array.from([0x7b, 0x22, 0xff, 0x22]), /^request\.not-json: .*UTF-8/],
    ['half an object', bytes('{"a":'), /^request\.not-json: /],
    ['nothing', bytes(''), /^request\.not-json: /],
    ['an unfinished string', bytes('"[[[['), /^request\.not-json: /],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /^request\.not-json: /],
    ['65 levels', bytes(nested(65)), /^request\.invalid: .*64 levels/],
    ['ten thousand levels', bytes('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)), /^request\.invalid: .*64 levels/],
    ['a hundred thousand levels without an end', bytes('['.repeat(100_000)), /^request\.invalid: .*64 levels/],
    ['a NUL', bytes('{"a":[{"b":"x\\u0000"}]}'), /^request\.invalid: a\.0\.b: /],
    ['a NUL in a name', bytes('{"a":{"x\\u0000":1}}'), /^request\.invalid: a: a name/],
    ['half a character', bytes('"\\ud800"'), /^request\.invalid: It: /],
    ['the other half', bytes('["\\udc00\\ud800"]'), /^request\.invalid: 0: /],
  ])('is refused when it is %s', (_, of, says) => {
    expect(refusal(of)).toMatch(says);
    expect(refusal(of).length).toBeLessThan(400);
  });

  it('is looked through in time that grows with its length and no faster', () => {
    const text = bytes(`{"a":"${'\\"['.repeat(80_000)}"}`);
    const started = performance.now();
    for (let times = 0; times < 10; times++) readJson(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('has its queries looked through as well', () => {
    expect(() => requireStorable({ holderId: '\u0000' })).toThrow(expect.objectContaining({ code: 'request.invalid' }));
    expect(() => requireStorable({ holderId: ['ä', '😀'] })).not.toThrow();
  });
});
