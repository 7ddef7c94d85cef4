import { describe, expect, it } from 'vitest';
import { badDuration, durationMs, readDuration, readMoment } from './moment.js';

const now = new Date('2026-11-20T12:00:00.000Z');

describe('a time on the command line', () => {
  it.each([
    ['2026-12-24T18:00Z', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24 18:00:30+02:00', '2026-12-24T16:00:30.000Z'],
    ['2026-12-24T18:00:00.123Z', '2026-12-24T18:00:00.123Z'],
    ['90s', '2026-11-20T12:01:30.000Z'],
    ['2h', '2026-11-20T14:00:00.000Z'],
    ['7d', '2026-11-27T12:00:00.000Z'],
    ['1w', '2026-11-27T12:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(readMoment(text, 'deadline', now)).toBe(time);
  });

  it('without a zone is in that of this machine', () => {
    expect(readMoment('2026-12-24T18:00', 'ends', now)).toBe(new Date(2026, 11, 24, 18).toISOString());
    expect(readMoment('2026-12-24', 'ends', now)).toBe(new Date(2026, 11, 24).toISOString());
  });

  it('of day is the next there is, or one that is hardly past', () => {
    const at = (hours: number, minutes: number, day = 20) => new Date(2026, 10, day, hours, minutes);
    const read = (text: string, hours: number, minutes: number) => readMoment(text, 'start', at(hours, minutes));
    expect(read('10:00', 9, 0)).toBe(at(10, 0).toISOString());
    expect(read('9:05', 9, 5)).toBe(at(9, 5).toISOString());
    expect(read('10:00', 10, 59)).toBe(at(10, 0).toISOString());
    expect(read('10:00', 11, 1)).toBe(at(10, 0, 21).toISOString());
    expect(read('00:30', 23, 50)).toBe(at(0, 30, 21).toISOString());
    expect(read('23:50', 0, 10)).toBe(at(23, 50, 19).toISOString());
  });

  it('of day that is no time is refused', () => {
    for (const text of ['24:00', '10:60', '10:0', '1000', '10:00Z'])
      expect(() => readMoment(text, 'start', now)).toThrow(expect.objectContaining({ exit: 2 }));
  });

  it.each(['2027-02-31', '2027-02-29T12:00Z', '2026-11-31 18:00', '2026-04-31T10:00:00+02:00', '2026-12-00'])(
    '%s is refused: there is no such day',
    (text) => {
      const refusal = {
        code: 'cli.bad-time',
        message: `--deadline ${text} is not a time: that month has no such day.`,
      };
      expect(() => readMoment(text, 'deadline', now)).toThrow(expect.objectContaining(refusal));
    },
  );

  it('on a day that exists only in a leap year is taken in one', () => {
    expect(readMoment('2028-02-29T12:00Z', 'ends', now)).toBe('2028-02-29T12:00:00.000Z');
  });

  it.each(['tomorrow', '', '2026-13-01T00:00Z', '12', '24.12.2026', '1y', '-2h', '2026'])('%j is refused', (text) => {
    expect(() => readMoment(text, 'deadline', now)).toThrow(expect.objectContaining({ code: 'cli.bad-time', exit: 2 }));
  });
});

describe('a duration', () => {
  it.each([
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['h', undefined],
    ['1.5h', undefined],
  ])('%s has %p milliseconds', (text, length) => {
    expect(durationMs(text)).toBe(length);
  });

  it.each(['0s', '2026-12-24T18:00Z', 'long'])('%s is refused where one is asked for', (text) => {
    expect(() => readDuration(text, 'for', now)).toThrow(expect.objectContaining({ code: 'cli.bad-duration' }));
  });

  it('without a unit is asked which one is meant', () => {
    expect(badDuration('20', 'timeout', '5m')).toMatchObject({
      code: 'cli.bad-duration',
      message: '--timeout 20 has no unit: 20 what?',
      remedies: [expect.stringContaining('--timeout 20s for seconds, 20m for minutes')],
    });
    expect(() => readDuration('20', 'for', now)).toThrow('20 what?');
    expect(badDuration('soon', 'timeout', '5m').message).toBe('--timeout soon is not a duration.');
  });
});
