import { describe, expect, it } from '@jest/globals';
import { LogLag } from './log-lag.js';

describe('what follows the log', () => {
  const log = { end: 10, position: 10, fails: false };
  const lag = new LogLag(
    async () => {
      if (log.fails) throw new Error('no responders');
      return log.end;
    },
    () => log.position,
  );
  const look = async (change: Partial<typeof log> = {}) => {
    Object.assign(log, change);
    await lag.look();
    return lag.trouble;
  };

  it('is well at the end of the log', async () => {
    expect(await look()).toBeUndefined();
    expect(await look()).toBeUndefined();
  });

  it('is well while it moves on, however far behind', async () => {
    expect(await look({ end: 1_000, position: 11 })).toBeUndefined();
    expect(await look({ position: 12 })).toBeUndefined();
  });

  it('is behind when it does not get from the spot', async () => {
    expect(await look()).toContain('stays at position 12 of a log that goes to 1000');
    expect(await look({ position: 1_000 })).toBeUndefined();
  });

  it('cannot tell while the server is away, and says so', async () => {
    expect(await look({ fails: true })).toContain('no responders');
    expect(await look({ fails: false })).toBeUndefined();
  });
});
