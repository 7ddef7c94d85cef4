import { describe, expect, it } from 'vitest';
import { Rejection } from '@caravan/event-store';
import { Callers } from './callers.js';

const TOKEN = 'Bearer right';
const refused = (detail: string) => new Rejection('request.unauthenticated', { detail, reason: `${detail}.wrong` });

const lines: unknown[] = [];
const callers = new Callers(
  {
    admit: (request: Parameters<Callers['admit']>[0]) => {
      if (request.headers.authorization !== TOKEN) throw refused('token');
      request.actor = { kind: 'administrator', id: 'bootstrap' };
    },
  },
  {
    actorOf: (certificate) => {
      if (certificate === 'unjudged') throw new Rejection('service.unavailable', { detail: 'trust' });
      if (certificate !== 'right') throw refused('certificate');
      return { kind: 'administrator', id: 'ada' };
    },
  },
  {
    isFor: ({ path }) => path === '/api/v1/join',
    admit: (request) => {
      if (request.headers.authorization !== 'Bearer secret') throw refused('join token');
      request.actor = { kind: 'claim', id: 'store' };
    },
  },
  { warn: (...line) => void lines.push(line) },
);

function asked(
  authorization?: string,
  certificate?: string,
  method = 'GET',
  headers: object = {},
  path = '/api/v1/backbones',
): string {
  const shown = { toString: () => certificate };
  const socket = {
    remoteAddress: '192.0.2.7',
    ...(certificate !== undefined && { getPeerX509Certificate: () => shown }),
  };
  const request = {
    headers: { authorization, host: 'caravan.example:4443', ...headers },
    method,
    path,
    socket,
  } as never as Parameters<Callers['admit']>[0];
  try {
    callers.admit(request);
  } catch (error) {
    const { code, details } = error as Rejection;
    return code === 'request.unauthenticated' ? `no: ${String(details['detail'])}` : code;
  }
  return request.actor!.id;
}

describe('who asks the API', () => {
  it('is known by a token, by a certificate, and by that where there are both', () => {
    expect(asked(TOKEN)).toBe('bootstrap');
    expect(asked(undefined, 'right')).toBe('ada');
    expect(asked(TOKEN, 'right')).toBe('ada');
  });

  it('is refused where one of both is wrong, and where there is neither', () => {
    expect(asked()).toBe('no: token');
    expect(asked('Bearer wrong')).toBe('no: token');
    expect(lines).toEqual([]);
    expect(asked(undefined, 'wrong')).toBe('no: certificate');
    expect(lines).toEqual([['certificate.wrong', { peer: '192.0.2.7' }, 'certificate refused: certificate']]);
    expect(asked(undefined, 'unjudged')).toBe('service.unavailable');
    expect(lines).toHaveLength(1); // the certificate was not judged
    expect(asked(TOKEN, 'wrong')).toBe('no: certificate');
    expect(asked('Bearer wrong', 'right')).toBe('no: token');
  });

  it('joins by the token for that, by which nobody does anything else, and nobody else does', () => {
    const joins = (authorization?: string, certificate?: string) =>
      asked(authorization, certificate, 'POST', {}, '/api/v1/join');
    expect(joins('Bearer secret')).toBe('store');
    expect(joins(TOKEN)).toBe('no: join token');
    expect(joins(undefined, 'right')).toBe('no: join token');
    expect(asked('Bearer secret')).toBe('no: token');
  });

  it.each([
    [{}, 'ada'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://caravan.example:4443' }, 'ada'],
    [{ 'sec-fetch-site': 'none' }, 'ada'],
    [{ origin: 'https://caravan.example' }, 'request.forbidden'],
    [{ origin: 'http://caravan.example:4443' }, 'request.forbidden'],
    [{ origin: 'null' }, 'request.forbidden'],
    [{ 'sec-fetch-site': 'cross-site' }, 'request.forbidden'],
    [{ 'sec-fetch-site': 'same-site', origin: 'https://caravan.example:4443' }, 'request.forbidden'],
  ])('changes nothing by a certificate for the page of another site: %j', (headers, answer) => {
    expect(asked(undefined, 'right', 'POST', headers)).toBe(answer);
    expect(asked(undefined, 'right', 'GET', headers)).toBe('ada');
    expect(asked(TOKEN, 'right', 'POST', headers)).toBe('ada'); // which no page knows
  });
});
