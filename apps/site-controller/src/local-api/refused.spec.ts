import { describe, expect, it } from 'vitest';
import { ManagementAway, ManagementRefusal } from '../control/index.js';
import { refusedBy, statusOf } from './refused.js';

describe('a request while the management plane is away', () => {
  it('changed nothing when it was never sent', () => {
    const refused = refusedBy(new ManagementAway('there is no connection'));
    expect(refused).toMatchObject({
      code: 'management.away',
      message: expect.stringContaining('Nothing was changed.'),
    });
  });

  it('may have been decided when only the answer is missing', () => {
    const refused = refusedBy(new ManagementAway('no answer within 10 s', { mayBeDecided: true })) as Error;
    expect(refused).toMatchObject({ code: 'management.away' });
    expect(refused.message).toContain('It is not known whether it was decided');
    expect(refused.message).toContain('Idempotency-Key');
    expect(refused.message).not.toContain('Nothing was changed');
  });
});

describe('a request that the management plane refuses for the time being', () => {
  const refused = (code: string, detail: string, details = {}) =>
    refusedBy(new ManagementRefusal({ code, detail, retry: 'later', details })) as Error;

  it('is tried again by the participant when that may help', () => {
    expect(refused('service.contended', 'too many at once')).toMatchObject({
      code: 'management.busy',
      message: 'too many at once (service.contended). Try again.',
    });
  });

  it('is so too when this site changes more than it may, and when to come again is said', () => {
    const error = refused('site.too-fast', 'more than it may', { retryAfterMs: 500 });
    expect(error).toMatchObject({ code: 'management.busy', details: { retryAfterMs: 500 } });
    expect(statusOf('management.busy')).toBe(503);
  });

  it.each(['log.undecodable', 'log.diverged', 'directory.halted'])(
    'is for the operator when the log is out of order (%s): no command that a participant cannot run, nothing of the log',
    (code) => {
      const remedy = 'the commit at position 221 cannot be read. Remedy: caravan log pass-over 221';
      const error = refused(code, remedy, { stream: 'caravan.evt.membership.member.1', position: 221 });
      expect(error).toMatchObject({ code: 'management.needs-operator', details: { cause: code } });
      expect(error.message).toMatch(/^Nothing was changed: .*its operator.*Ask whoever runs the network/s);
      expect(error.message).not.toMatch(/pass-over|221|Try again/);
      expect(statusOf('management.needs-operator')).toBe(503);
    },
  );
});
