import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.js';

const read = (...argv: string[]) => readArguments(argv, {});
const accepting = ['--accept-log', '--sequence', '76', '--hash', 'ab12', '--by', 'Ada', '--reason', 'its end is lost'];

describe('the options of npm start', () => {
  it('look at the log, or accept it with all that accept-log wants to know', () => {
    expect(read()).toMatchObject({ acceptLog: undefined });
    expect(read('--accept-log')).toMatchObject({ acceptLog: { args: [] } });
    expect(read(...accepting)).toMatchObject({ acceptLog: { args: accepting.slice(1) } });
  });

  it('name a root of one’s own, as seen from where somebody typed', () => {
    expect(read().rootArguments).toEqual([]);
    const given = ['--root-certificate', 'root.pem', '--root-key', '/keys/root.key'];
    expect(readArguments(given, { INIT_CWD: '/home/ada' }).rootArguments).toEqual([
      ...['--root-certificate', '/home/ada/root.pem', '--root-key', '/keys/root.key'],
    ]);
    const offline = ['--empty', '--offline', '--root-certificate', '/root.pem'];
    expect(read(...offline).rootArguments).toEqual(['--root-certificate', '/root.pem', '--offline']);
    const next = ['--next', '--root-certificate', '/next.pem'];
    expect(read(...next).rootArguments).toEqual(['--root-certificate', '/next.pem', '--next']);
  });

  it('say where ports are looked for', () => {
    expect(read().portRange).toBeUndefined();
    expect(read('--ports', '21000-21999').portRange).toEqual({ first: 21_000, last: 21_999 });
  });

  it.each([
    [['--ports', '21000'], '--ports 21000: give the first and the last'],
    [['--ports', '80-999'], 'from 1024 on'],
    [['--ports', '21000-21018'], 'at least 20'],
    [['--ports', '65000-65536'], 'give the first and the last'],
    [['--offline'], '--offline and --signed need --empty'],
    [['--by', 'Ada'], '--by needs --accept-log'],
    [accepting.slice(0, 7), '--reason is missing'],
    [accepting.with(6, ' '), '--by is missing'],
    [['--accept-log', '--once'], 'cannot be combined with --once'],
    [['--accept-log', '--reset'], 'cannot be combined with --reset'],
    [['--json'], '--json needs --once'],
    [['--accept'], '--accept'],
  ])('refuse %j with words that name it', (argv, words) => expect(() => read(...argv)).toThrow(words));
});
