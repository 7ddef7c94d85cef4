import { describe, expect, it } from 'vitest';
import { WindowRoom } from './window-room.js';

describe('the room for large windows', () => {
  const roomOf = (bytes: number): WindowRoom => new WindowRoom((more) => more <= bytes);

  it('is one for all lines: what others were granted is taken', () => {
    const room = roomOf(100);
    const granted = { first: 0, second: 0 };
    const [first, second] = [room.enter(() => granted.first), room.enter(() => granted.second)];
    expect([first.mayBring(100), second.mayBring(100)]).toEqual([true, true]);
    granted.first = 60;
    expect([second.mayBring(40), second.mayBring(41)]).toEqual([true, false]);
    granted.second = 40;
    expect([first.mayBring(1), second.mayBring(1)]).toEqual([false, false]);
  });

  it('is given back by a line that has gone', () => {
    const room = roomOf(100);
    const [first, second] = [room.enter(() => 60), room.enter(() => 0)];
    expect(second.mayBring(100)).toBe(false);
    first.leave();
    expect(second.mayBring(100)).toBe(true);
  });

  it('takes nothing back because others were granted something, but when there is none at all', () => {
    const full = new WindowRoom(() => false);
    expect([
      roomOf(0)
        .enter(() => 60)
        .mayBring(0),
      full.enter(() => 0).mayBring(0),
    ]).toEqual([true, false]);
  });
});
