import { describe, expect, it } from 'vitest';
import type { Part } from '@caravan/api';
import { divergedText, verdictOn, wordsOf } from './divergence.js';

const part = (change: Partial<Part>): Part => ({
  service: 'cert-service',
  name: 'log witness',
  status: 'ok',
  detail: 'follows the log',
  since: null,
  remedy: null,
  code: null,
  ...change,
});
const alarm = part({
  status: 'degraded',
  detail: 'nothing can be read at position 77',
  since: '2026-11-21T07:46:26Z',
  remedy: 'restore the log',
  code: 'log.diverged',
});

describe('what the status says of the log', () => {
  it('is nothing while every part is well, or something else is wrong', () => {
    expect(verdictOn({ parts: [part({})] })).toEqual({ status: 'well' });
    expect(verdictOn({ parts: [part({ status: 'away', code: 'database.away' })] })).toEqual({ status: 'well' });
  });

  it('is not final while an alarm of an earlier run may end by itself', () => {
    expect(verdictOn({ parts: [part({}), { ...alarm, remedy: null }] })).toEqual({ status: 'reading' });
    expect(verdictOn({ parts: [{ ...alarm, remedy: null }, alarm] })).toMatchObject({ status: 'diverged' });
  });

  it('is told with the service, what, since when, the code and the remedy, and with both ways on', () => {
    const words = wordsOf([part({}), alarm]);
    expect(words).toBe(
      [
        '  log witness, seen by cert-service: degraded since 2026-11-21T07:46:26Z [log.diverged]',
        '    nothing can be read at position 77',
        '    try: restore the log',
      ].join('\n'),
    );
    const text = divergedText(words, '/state/nats', 'npm start -- --state /state');
    expect(text).toContain(words);
    expect(text).toContain('/state/nats');
    expect(text).toContain('npm start -- --state /state --accept-log');
  });
});
