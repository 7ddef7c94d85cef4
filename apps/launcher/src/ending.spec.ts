import { describe, expect, it } from 'vitest';
import { closingWords } from './ending.js';

const plane = { apiUrl: 'http://127.0.0.1:4400/api/v1', tokenFile: '/state/secrets/bootstrap-token' };
const told = {
  answer: { status: 200, body: 'apples' },
  path: [],
  url: 'http://127.0.0.1:1/stock',
  absent: [],
};

describe('the closing words', () => {
  it('give the answer and where to go on', () => {
    const words = closingWords(plane, told, { cli: '/cli/main.js', once: false });
    expect(words).toContain('The answer: 200 apples');
    expect(words).toContain('export CARAVAN_URL=http://127.0.0.1:4400/api/v1');
  });

  it('name who did not come, and how all begins anew', () => {
    const absent = { ...told, answer: undefined, absent: ['store-1', 'west'] };
    const words = closingWords(plane, absent, { cli: '/cli/main.js', once: false });
    expect(words).toContain('Without store-1 and west there is no answer; everything else runs.');
    expect(words).toContain('npm start -- --reset');
    expect(words).not.toContain('curl');
    const changed = closingWords(plane, { ...absent, absent: [] }, { cli: '/cli/main.js', once: false });
    expect(changed).toContain('was changed since. Everything runs.');
  });

  it('lead nowhere with --once, when nothing will be there', () => {
    const words = closingWords(plane, told, { cli: '/cli/main.js', once: true });
    expect(words).toContain('The answer: 200 apples');
    expect(words).not.toMatch(/Try next|CARAVAN_URL|4400/);
  });
});
