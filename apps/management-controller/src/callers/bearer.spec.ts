import { describe, expect, it } from 'vitest';
import type { Actor } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { Secret } from '@caravan/pki';
import { Bearer } from './bearer.js';

const token = 'a-token-of-the-service-administrator';
const bearer = new Bearer(new Secret(token));

interface Asked {
  readonly headers: { authorization?: string };
  readonly path: string;
  actor?: Actor;
}
const asked = (authorization?: string, path = '/api/v1/backbones'): Asked => ({
  headers: authorization === undefined ? {} : { authorization },
  path,
});
const refusal = (request: Asked): Rejection => {
  try {
    bearer.admit(request);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
  throw new Error('it was admitted');
};

describe('the management API', () => {
  it('takes who brings the bootstrap token for the service administrator', () => {
    const request = asked(`Bearer ${token}`);
    bearer.admit(request);
    expect(request.actor).toEqual({ kind: 'administrator', id: 'bootstrap' });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer '],
    ['another token', 'Bearer another'],
    ['a part of the token', `Bearer ${token.slice(0, -1)}`],
    ['the token and more', `Bearer ${token}x`],
    ['the token and another', `Bearer ${token} another`],
    ['two headers in one', `Bearer another, Bearer ${token}`],
    ['another scheme', `Basic ${token}`],
    ['the token alone', token],
    ['a token without end', `Bearer ${'x'.repeat(501)}`],
  ])('refuses who brings %s, and calls him nobody', (_, authorization) => {
    const request = asked(authorization);
    expect(refusal(request).code).toBe('request.unauthenticated');
    expect(request.actor).toBeUndefined();
  });

  it('repeats neither what was sent nor what was expected', () => {
    const { message, details } = refusal(asked('Bearer a-guess'));
    expect(message + JSON.stringify(details)).not.toMatch(new RegExp(`a-guess|${token}`));
  });

  it.each(['/join', '/api/openapi.json', '/api/docs', '/api/docs/', '/api/docs/swagger-ui.css'])(
    'shows %s to all',
    (path) => {
      expect(() => bearer.admit(asked(undefined, path))).not.toThrow();
    },
  );

  it.each([
    '/',
    '/join/',
    '/joins',
    '/api/v1/join',
    '/api',
    '/api/v1',
    '/api/docsearch',
    '/api/openapi.json/',
    '/api/openapi.json.bak',
    '//api/docs/',
  ])('does not show %s to all', (path) => {
    expect(refusal(asked(undefined, path)).code).toBe('request.unauthenticated');
  });
});
