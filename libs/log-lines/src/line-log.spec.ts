import { describe, expect, it } from 'vitest';
import { lineLog } from './index.js';
import type { Log } from './index.js';

function written(write: (log: Log) => void, level?: string): Record<string, unknown>[] {
  const lines: string[] = [];
  write(lineLog('test', level, (line) => void lines.push(line)));
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log of a site', () => {
  it('is one JSON object a line, with level and time in words', () => {
    const [line] = written((log) => log.warn({ code: 'link.lost' }, 'lost'));
    expect(line).toMatchObject({ level: 'warn', service: 'test', pid: process.pid, code: 'link.lost', msg: 'lost' });
    expect(line!['time']).toMatch(/^\d{4}-.*Z$/);
  });

  it('says what an error is and where it was', () => {
    const [line] = written((log) => log.error({ err: new TypeError('no such thing') }, 'failed'));
    expect(line!['err']).toMatchObject({ type: 'TypeError', message: 'no such thing', stack: expect.any(String) });
  });

  it('leaves out what is less grave than asked for, and nothing for a level that is none', () => {
    const all = (log: Log): void => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    };
    const levels = (level?: string) => written(all, level).map(({ msg }) => msg);
    expect(levels()).toEqual(['info', 'warn', 'error']);
    expect(levels('error')).toEqual(['error']);
    expect(levels('loud')).toEqual(['debug', 'info', 'warn', 'error']);
  });

  it('prints no private key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----';
    expect(
      JSON.stringify(written((log) => log.error({ err: new Error(`cannot read ${key}`) }, 'failed'))),
    ).not.toContain('MIGH');
  });
});
