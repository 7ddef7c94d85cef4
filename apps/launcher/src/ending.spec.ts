import { describe, expect, it } from 'vitest';
import { closingWords } from './ending.js';

const plane = { apiUrl: 'http://127.0.0.1:4400/api/v1', tokenFile: '/state/secrets/bootstrap-token' };
const told = {
  answer: { status: 200, body: 'apples' },
  path: [],
  url: 'http://127.0.0.1:1/stock',
  members: ['hq'],
};

describe('the closing words', () => {
  it('give the answer and where to go on', () => {
    const words = closingWords(plane, told, { cli: '/cli/main.js', once: false });
    expect(words).toContain('The answer: 200 apples');
    expect(words).toContain('export CARAVAN_URL=http://127.0.0.1:4400/api/v1');
  });

  it('lead nowhere with --once, when nothing will be there', () => {
    const words = closingWords(plane, told, { cli: '/cli/main.js', once: true });
    expect(words).toContain('The answer: 200 apples');
    expect(words).not.toMatch(/Try next|CARAVAN_URL|4400/);
  });
});
