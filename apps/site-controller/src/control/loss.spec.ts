import { describe, expect, it } from 'vitest';
import { RelayProblem } from '@caravan/data-plane/relay';
import { errors } from '@nats-io/nats-core';
import { lossInWords } from './loss.js';

describe('why there is no control connection', () => {
  it('is, when NATS admits nobody, both that it may mean, and what to do: a site cannot tell which', () => {
    const words = lossInWords(new errors.AuthorizationError('Authorization Violation'));
    expect(words).toMatch(/refuses this site .* or it lets nobody in at present/);
    expect(words).toMatch(/goes on asking.*`caravan status`.*\(Authorization Violation\)$/s);
  });

  it.each([
    ['tunnel.no-route: the next relay answered 404', /^no relay on the way knows the way .* yet/],
    ['tunnel.unreachable: the next relay answered 502', /nothing answers at its end/],
    ['tunnel.lost: the link was lost before it answered', /broke off/],
    ['tunnel.timeout: no answer in 5000 ms', /does not answer/],
  ])('is, when a relay refused with %s, what that means, with its code', (said, meaning) => {
    const words = lossInWords(new Error(said));
    expect(words).toMatch(meaning);
    expect(words.endsWith(`(${said})`)).toBe(true);
  });

  it('is the same when the relay of this site passes the refusal on, as it does', () => {
    const body = {
      title: 'The management plane cannot be reached over any link',
      status: 503,
      code: 'control.unreachable',
      detail: 'tunnel.no-route: nobody offers this address',
    };
    const words = lossInWords(RelayProblem.answered(503, JSON.stringify(body)));
    expect(words).toMatch(/^no relay on the way knows the way to the management plane yet/);
    expect(words).toMatch(/\(control\.unreachable: tunnel\.no-route: nobody offers this address\)$/);
    const other = RelayProblem.answered(503, JSON.stringify({ ...body, detail: 'not now, says tunnel.no-route: x' }));
    expect(lossInWords(other)).toBe('control.unreachable: not now, says tunnel.no-route: x');
  });

  it('is otherwise what was said', () => {
    expect(lossInWords(new Error('tunnel.from-tomorrow: x'))).toBe('tunnel.from-tomorrow: x');
    expect(lossInWords(new Error('no route'))).toBe('no route');
    expect(lossInWords(undefined)).toBe('the control connection ended');
  });
});
