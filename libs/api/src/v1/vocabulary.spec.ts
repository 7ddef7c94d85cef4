import { describe, expect, it } from 'vitest';
import { pageQuerySchema } from './vocabulary.js';

describe('the size of a page', () => {
  it('is said to be no number in words, not as the machine sees it', () => {
    const { error } = pageQuerySchema.safeParse({ limit: 'many' });
    expect(error?.issues).toMatchObject([{ path: ['limit'], message: 'must be a number from 1 to 500' }]);
  });

  it('is taken as the text that it is in a query', () => {
    expect(pageQuerySchema.parse({ limit: '7' })).toEqual({ limit: 7 });
    expect(pageQuerySchema.safeParse({ limit: '501' }).success).toBe(false);
  });
});
