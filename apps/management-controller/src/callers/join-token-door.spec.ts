import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Actor } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { JoinTokenEntry } from '../directory/entries.js';
import { JoinTokenDoor } from './join-token-door.js';

const secret = 'bNB0kBgGZ0zNbDc1oGAcFQ';
const token: JoinTokenEntry = { joinTokenId: 'token', invitationId: 'store', networkId: 'retail' };
const hash = createHash('sha256').update(secret).digest('hex');

describe('the door of join tokens', () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const tokens = new Map([[hash, token]]);
  const door = new JoinTokenDoor(tokens, { now: () => now });
  const comes = (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const request: { headers: { authorization?: string }; path: string; actor?: Actor; joinToken?: JoinTokenEntry } = {
      headers,
      path: '/api/v1/join',
    };
    try {
      door.admit(request);
    } catch (error) {
      if (error instanceof Rejection) return error.code;
      throw error;
    }
    return request;
  };

  it('lets in who has the secret, and knows of which invitation', () => {
    expect(comes(`Bearer ${secret}`)).toMatchObject({ actor: { kind: 'claim', id: 'store' }, joinToken: token });
  });

  it.each([
    undefined,
    '',
    'Bearer ',
    secret,
    `Bearer ${secret.slice(1)}`,
    `Bearer ${secret}x`,
    `Bearer ${hash}`,
    'Bearer token',
    `Basic ${secret}`,
  ])('does not let in who brings %s', (authorization) => {
    expect(comes(authorization)).toBe('request.unauthenticated');
  });

  it('lets in nobody by a token that is not there any more', () => {
    tokens.delete(hash);
    expect(comes(`Bearer ${secret}`)).toBe('request.unauthenticated');
    tokens.set(hash, token);
  });

  it('lets a class in at once, and then one each second', () => {
    now = new Date('2026-01-02T00:00:00Z');
    const all = Array.from({ length: 130 }, () => comes(`Bearer ${secret}`));
    expect(all.filter((each) => each === 'join-token.too-fast')).toHaveLength(10);
    now = new Date('2026-01-02T00:00:01Z');
    expect(comes(`Bearer ${secret}`)).toMatchObject({ joinToken: token });
    expect(comes(`Bearer ${secret}`)).toBe('join-token.too-fast');
  });

  it('is for one path', () => {
    const paths = ['/api/v1/join', '/api/v1/join/', '/API/V1/JOIN', '/api/v1/joint', '/api/v1/networks'];
    expect(paths.filter((path) => door.isFor({ headers: {}, path }))).toEqual(['/api/v1/join']);
  });
});
