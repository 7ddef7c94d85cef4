import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '@caravan/event-store';
import { entryOf, sideOf } from './side.js';

const event = (position: number, type: string, stream: string, index = 0): RecordedEvent =>
  ({ position, type, stream, index }) as unknown as RecordedEvent;
const log = [
  event(1, 'ListenerOpened', 'membership.member.a'),
  event(2, 'ListenerOpened', 'membership.member.b'),
  event(3, 'ListenerClosed', 'membership.member.a'),
  event(3, 'MemberRemoved', 'membership.member.a', 1),
  event(4, 'ListenerOpened', 'membership.member.a'),
];

describe('what was on its way to the log', () => {
  it('is the next that begins so, on its own stream', () => {
    expect(entryOf(log, 'ListenerOpened membership.member.a', 0)).toBe(1);
    expect(entryOf(log, 'ListenerOpened membership.member.a', 1)).toBe(4);
    expect(entryOf(log, 'ListenerClosed MemberRemoved membership.member.a', 1)).toBe(3);
  });

  it('may not be there', () => {
    expect(entryOf(log, 'MemberRemoved membership.member.a', 0)).toBeUndefined();
    expect(entryOf(log, 'ListenerClosed membership.member.b', 0)).toBeUndefined();
  });

  it('was stored before the kill, or after it by who sent it again', () => {
    expect([sideOf(999, 1_000), sideOf(1_001, 1_000)]).toEqual(['after the append', 'before the append']);
  });

  it('and nobody knows which, within a millisecond', () => {
    expect(sideOf(1_000, 1_000)).toBe('in the millisecond of the append');
  });
});
