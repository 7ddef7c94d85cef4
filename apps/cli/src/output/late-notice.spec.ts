import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lateNotice, noticed } from './late-notice.js';

const listener = () => {
  const said: string[] = [];
  return { said, err: (text: string) => void said.push(text) };
};

describe('what is late', () => {
  it('is told of once, with how long it is waited for at most', async () => {
    const terminal = listener();
    await noticed(pause(60), 'No answer yet; waiting for it', 30_000, terminal, 10);
    expect(terminal.said).toEqual(['No answer yet; waiting for it, about 30 s at most …\n']);
    const notice = lateNotice('Waiting', 3_600_000, terminal, 10_000);
    notice.tell();
    notice.tell();
    notice.end();
    expect(terminal.said.slice(1)).toEqual(['Waiting, about 60 min at most …\n']);
  });

  it('is not told of when it comes in time, nor to nobody, and what went wrong is thrown', async () => {
    const terminal = listener();
    await noticed(Promise.resolve(), 'x', 1_000, terminal, 10);
    await expect(noticed(Promise.reject(new Error('no')), 'x', 1_000, terminal, 10)).rejects.toThrow('no');
    await noticed(pause(40), 'x', 1_000, undefined, 10);
    await pause(30);
    expect(terminal.said).toEqual([]);
  });
});
