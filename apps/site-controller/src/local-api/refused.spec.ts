import { describe, expect, it } from '@jest/globals';
import { ManagementAway } from '../control/index.js';
import { refusedBy } from './refused.js';

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
