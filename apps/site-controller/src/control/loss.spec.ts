import { describe, expect, it } from '@jest/globals';
import { errors } from '@nats-io/nats-core';
import { lossInWords } from './loss.js';

describe('why there is no control connection', () => {
  it('is, when NATS admits nobody, both that it may mean, and what to do: a site cannot tell which', () => {
    const words = lossInWords(new errors.AuthorizationError('Authorization Violation'));
    expect(words).toMatch(/refuses this site .* or it lets nobody in at present/);
    expect(words).toMatch(/goes on asking.*`caravan status`.*\(Authorization Violation\)$/s);
  });

  it('is otherwise what was said', () => {
    expect(lossInWords(new Error('no route'))).toBe('no route');
    expect(lossInWords(undefined)).toBe('the control connection ended');
  });
});
