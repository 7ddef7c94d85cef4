import { describe, expect, it } from 'vitest';
import { compareVersions, parseVersion, showVersion } from './version.js';

describe('a nats-server version', () => {
  it.each([
    ['nats-server: v2.10.27\n', '2.10.27'],
    ['nats-server: v2.12.7-RC.1', '2.12.7'],
    ['v10.0.1', '10.0.1'],
    ['2.9.10', '2.9.10'],
  ])('is read from %j', (printed, shown) => {
    expect(showVersion(parseVersion(printed)!)).toBe(shown);
  });

  it.each(['', 'nats-server: dev', 'command not found', 'v2.10'])('is not read from %j', (printed) => {
    expect(parseVersion(printed)).toBeUndefined();
  });

  it.each([
    ['2.9.10', '2.10.27', -1],
    ['2.10.9', '2.10.27', -1],
    ['2.10.27', '2.10.27', 0],
    ['2.11.0', '2.10.27', 1],
    ['10.0.0', '2.10.27', 1],
  ])('%s against %s compares by number, not by letter', (a, b, sign) => {
    expect(Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!))).toBe(sign);
  });
});
