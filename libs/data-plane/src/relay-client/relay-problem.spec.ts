import { describe, expect, it } from 'vitest';
import { RelayProblem } from './relay-problem.js';

describe('what the relay refuses', () => {
  it('has the code and the words of its answer', () => {
    const body = JSON.stringify({ title: 'The body is not JSON', status: 400, code: 'control.not-json' });
    expect(RelayProblem.answered(400, body)).toMatchObject({
      code: 'control.not-json',
      status: 400,
      message: 'control.not-json: The body is not JSON',
    });
  });

  it.each(['', '<html>', '[]', '{"code":7}'])('is an unknown answer when it is %j', (body) => {
    expect(RelayProblem.answered(502, body)).toMatchObject({ code: 'relay.unknown-answer', status: 502 });
  });

  it('is apart from a relay that is not there', () => {
    const problem = RelayProblem.unavailable('/run/relay.sock', new Error('ENOENT'));
    expect(problem).toMatchObject({ code: 'relay.unavailable', status: 0 });
    expect(problem.message).toContain('/run/relay.sock');
  });
});
