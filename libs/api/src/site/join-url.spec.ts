import { describe, expect, it } from 'vitest';
import { readJoinUrl, writeJoinUrl } from './join-url.js';
import type { JoinUrl } from './join-url.js';

const secret = 'bNB0kBgGZ0zNbDc1oGAcFQ';
const pin = 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg';
const api = 'https://caravan.example.com:4443/api/v1';

describe('the URL of a join token', () => {
  it.each<[JoinUrl, string]>([
    [{ api, secret, pin }, `https://caravan.example.com:4443/join#${secret}.${pin}`],
    [{ api, secret }, `https://caravan.example.com:4443/join#${secret}`],
    [{ api: 'http://127.0.0.1:4400/api/v1', secret }, `http://127.0.0.1:4400/join#${secret}`],
    [{ api: 'https://example.com/caravan/api/v1', secret }, `https://example.com/caravan/join#${secret}`],
    [{ api: 'https://[2001:db8::1]/api/v1', secret }, `https://[2001:db8::1]/join#${secret}`],
  ])('is read as it was written: %j', (said, url) => {
    expect(writeJoinUrl(said)).toBe(url);
    expect(readJoinUrl(url)).toEqual(said);
  });

  it('is not written for an API that is elsewhere', () => {
    expect(writeJoinUrl({ api: 'https://example.com/other', secret })).toBeUndefined();
  });

  it.each([
    '',
    'store.invitation.json',
    './join',
    '/join#x',
    'https://example.com/join',
    `https://example.com/joined#${secret}`,
    `https://example.com/join#${secret.slice(1)}`,
    `https://example.com/join#${secret}.`,
    `https://example.com/join#${secret}.${pin.slice(1)}`,
    `https://example.com/join#${secret}.${pin}.${pin}`,
    `https://example.com/join?x=1#${secret}`,
    `https://ada:word@example.com/join#${secret}`,
    `ftp://example.com/join#${secret}`,
    `https://example.com/join#${encodeURIComponent('ä'.repeat(22))}`,
  ])('is none: %s', (text) => {
    expect(readJoinUrl(text)).toBeUndefined();
  });
});
