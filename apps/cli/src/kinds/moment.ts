import { usageError } from '../failures/cli-error.js';
import type { CliError } from '../failures/cli-error.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(\d{1,6})(s|m|h|d|w)$/;
/** With its zone, or in this machine's; seconds may be left out, and so may the time of day. */
const MOMENT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)$/;
/** Whoever says 10:00 at five past ten means that of today. */
const JUST_PAST_MS = 3_600_000;

/** The first time that clocks here show it which is not an hour past. */
const timeOfDay = (hours: number, minutes: number, now: Date): Date => {
  const days = [-1, 0, 1, 2].map(
    (day) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + day, hours, minutes),
  );
  return days.find((time) => now.getTime() - time.getTime() <= JUST_PAST_MS)!;
};

/** `new Date` takes 31 February for a day in March; of a month that does not exist it says so itself. */
const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return day === new Date(Date.UTC(year, month - 1, day)).getUTCDate();
};

/** Milliseconds of `90s`, `30m`, `2h`, `7d`, `1w`; undefined for anything else. */
export const durationMs = (text: string): number | undefined => {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
};

/** A number alone could be seconds as well as hours: which are meant is asked. For anything else undefined. */
const unitless = (text: string, flag: string): CliError | undefined =>
  /^\d{1,6}$/.test(text)
    ? usageError('cli.bad-duration', `--${flag} ${text} has no unit: ${text} what?`, [
        `--${flag} ${text}s for seconds, ${text}m for minutes, ${text}h for hours, ${text}d for days`,
      ])
    : undefined;

/** Why a text is no duration. */
export const badDuration = (text: string, flag: string, example: string): CliError =>
  unitless(text, flag) ??
  usageError('cli.bad-duration', `--${flag} ${text} is not a duration.`, `--${flag} ${example}`);

/** How long, in seconds. */
export const readSeconds = (text: string, flag: string, example: string): number => {
  const ms = durationMs(text);
  if (ms === undefined) throw badDuration(text, flag, example);
  return ms / 1_000;
};

/** `--for`: so long from now, as a time of the API (ISO-8601, UTC). */
export const readDuration = (text: string, flag: string, now: Date): string => {
  const length = durationMs(text);
  if (length === undefined || length === 0) throw badDuration(text, flag, '90m, 2h, 7d');
  return new Date(now.getTime() + length).toISOString();
};

/**
 * A time of the API from a date, a time with or without a zone, a time of day, or a duration from now. A day without a time is its
 * start; a time without a day the next there is, or one of today that is not an hour past.
 */
export const readMoment = (text: string, flag: string, now: Date): string => {
  if (durationMs(text) !== undefined) return readDuration(text, flag, now);
  const [, hours, minutes] = TIME_OF_DAY.exec(text) ?? [];
  if (hours !== undefined) return timeOfDay(Number(hours), Number(minutes), now).toISOString();
  const local = MOMENT.test(text) && text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T');
  const time = MOMENT.test(text) ? new Date(local) : new Date(NaN);
  const isNoDay = MOMENT.test(text) && !isDay(text);
  if (isNoDay || Number.isNaN(time.getTime())) {
    throw usageError(
      'cli.bad-time',
      `--${flag} ${text} is not a time${isNoDay ? ': that month has no such day' : ''}.`,
      `--${flag} 2026-12-24T18:00Z, 18:00, or 2h for two hours from now`,
    );
  }
  return time.toISOString();
};
