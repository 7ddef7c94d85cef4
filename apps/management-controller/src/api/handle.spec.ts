import { describe, expect, it } from 'vitest';
import { createBackbone, createLink, getBackbone, listBackbones } from '@caravan/api';
import type { Route } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { id } from '../example.fixture.js';
import { readCall, readPosition } from './handle.js';
import type { AuthenticatedRequest } from './handle.js';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const now = new Date('2026-01-01T12:00:00.000Z');
const administrator = { kind: 'administrator', id: 'bootstrap' } as const;
const request = (changes: Partial<AuthenticatedRequest> = {}): AuthenticatedRequest => ({
  actor: administrator,
  method: 'POST',
  originalUrl: '/api/v1/backbones',
  headers: {},
  params: {},
  query: {},
  body: { name: 'demo' },
  ...changes,
});
const read = (route: Route, changes: Partial<AuthenticatedRequest> = {}) => readCall(route, request(changes), now);
const refusal = (what: () => unknown): string => {
  try {
    what();
  } catch (error) {
    if (error instanceof Rejection && error.code === 'request.invalid') return String(error.details['detail']);
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a request as its route declares it', () => {
  it('has its body, the caller and the time, and nothing that the caller says of himself', () => {
    const call = read(createBackbone, { headers: { traceparent: [traceparent, 'second'] } });
    expect(call.body).toEqual({ name: 'demo' });
    expect(call.metadata).toMatchObject({ actor: administrator, now, via: 'api', traceparent });
    expect(read(createBackbone, { headers: { traceparent: '00-trace' } }).metadata.traceparent).toBeUndefined();
    expect(refusal(() => read(createBackbone, { body: { name: 'demo', actor: { kind: 'service' } } }))).toMatch(
      /actor/,
    );
  });

  it.each([['not-an-id'], ['..'], ['*'], ['caravan.>'], [`${id('x')}'`]])('refuses %s as an id', (backboneId) => {
    expect(refusal(() => read(getBackbone, { method: 'GET', params: { backboneId } }))).toBe(
      'backboneId: must be an id',
    );
  });

  it('takes an id', () => {
    expect(read(getBackbone, { method: 'GET', params: { backboneId: id('x') } }).params).toEqual({
      backboneId: id('x'),
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'demo'],
    ['another type', { name: 7 }],
    ['what breaks the rule for names', { name: 'Demo!' }],
    ['a field too many', { name: 'demo', id: id('x') }],
  ])('refuses a body of %s', (_, body) => {
    expect(refusal(() => read(createBackbone, { body }))).not.toBe('');
  });

  it('says what is wrong where', () => {
    const body = { siteId: id('north'), accessPointId: 'north', cost: 0 };
    const said = refusal(() => read(createLink, { params: { backboneId: id('demo') }, body }));
    expect(said).toMatch(/accessPointId: .*; cost: /);
  });

  it('reads a query as its schema has it', () => {
    const query = { limit: '7', cursor: 'abc' };
    expect(read(listBackbones, { method: 'GET', query }).query).toEqual({ limit: 7, cursor: 'abc' });
    for (const bad of [
      { limit: '0' },
      { limit: '501' },
      { limit: ['1', '2'] },
      { cursor: ['a', 'b'] },
      { sort: 'name' },
      { cursor: 'a\u0000' },
    ])
      expect(refusal(() => read(listBackbones, { method: 'GET', query: bad }))).not.toBe('');
  });
});

describe('the same request again', () => {
  const keyed = (changes: Partial<AuthenticatedRequest> = {}, key = 'k') =>
    read(createBackbone, { headers: { 'idempotency-key': key }, ...changes });

  it('is the same command and makes the same ids, with its key', () => {
    const [first, second] = [keyed(), keyed()];
    expect(second.metadata.commandId).toBe(first.metadata.commandId);
    expect(second.idFor('backbone')).toBe(first.idFor('backbone'));
    expect(first.idFor('network')).not.toBe(first.idFor('backbone'));
  });

  it('is another command without a key', () => {
    const [first, second] = [read(createBackbone), read(createBackbone)];
    expect(second.metadata.commandId).not.toBe(first.metadata.commandId);
    expect(second.idFor('backbone')).not.toBe(first.idFor('backbone'));
  });

  it.each<[string, Partial<AuthenticatedRequest>]>([
    ['key', { headers: { 'idempotency-key': 'another' } }],
    ['body', { body: { name: 'prod' } }],
    ['resource', { originalUrl: '/api/v1/networks' }],
    ['method', { method: 'PATCH' }],
    ['caller', { actor: { kind: 'administrator', id: 'somebody else' } }],
    ['kind of caller', { actor: { kind: 'user', id: 'bootstrap' } }],
  ])('is another command with another %s', (_, changes) => {
    expect(keyed(changes).metadata.commandId).not.toBe(keyed().metadata.commandId);
  });

  it('has a key of 1 to 100 characters', () => {
    expect(keyed({}, 'x'.repeat(100)).metadata.commandId).toBeDefined();
    for (const key of ['', 'x'.repeat(101)]) expect(refusal(() => keyed({}, key))).toMatch(/idempotency-key/);
  });
});

describe('the position that a reader has seen', () => {
  const position = (header?: string | string[]) => readPosition({ headers: { 'caravan-position': header } });

  it('is none unless it is said', () => {
    expect(position()).toBe(0);
    expect(position('42')).toBe(42);
  });

  it.each(['', '-1', '1.5', '1e3', 'newest', '1, 2', '1234567890123456'])('is not %j', (header) => {
    expect(refusal(() => position(header))).toMatch(/caravan-position/);
  });
});
