import { describe, expect, it } from 'vitest';
import type { AdmissionItem } from '@caravan/data-plane';
import { Doors } from './doors.js';

const admission = (id: string, more: Partial<AdmissionItem> = {}): AdmissionItem => ({
  kind: 'admission',
  id,
  access: 'member',
  serverName: 'n1.member.test',
  trust: ['-----BEGIN CERTIFICATE-----'],
  identity: 'spiffe://inst/network/n1/member/*',
  denied: [],
  reach: { kind: 'network', networkId: 'n1' },
  ...more,
});
const sound = (): undefined => undefined;
const at = (time: string): number => Date.parse(time);
const NOW = at('2026-01-01T12:00:00.000Z');

describe('doors', () => {
  it('are found by access kind and server name, without case', () => {
    const doors = new Doors([admission('a')], sound);
    expect(doors.find('member', 'N1.member.TEST', NOW)).toMatchObject({ status: 'open', admission: { id: 'a' } });
    expect(doors.find('peer', 'n1.member.test', NOW)).toEqual({ status: 'unknown' });
    expect(doors.find('member', 'n2.member.test', NOW)).toEqual({ status: 'unknown' });
  });

  it('refuse a second admission of one name, whatever the order', () => {
    const [a, b] = [admission('a'), admission('b', { identity: 'spiffe://evil/*' })];
    for (const order of [
      [a, b],
      [b, a],
    ]) {
      const doors = new Doors(order, sound);
      expect(doors.find('member', a.serverName, NOW)).toEqual({ status: 'open', admission: a });
      expect(doors.states(NOW)).toMatchObject({
        'admission/a': { state: 'applied' },
        'admission/b': { state: 'refused' },
      });
    }
  });

  it('stay shut for an admission whose trust cannot be read', () => {
    const doors = new Doors([admission('a')], () => 'trust 1 is no certificate');
    expect(doors.find('member', 'n1.member.test', NOW)).toEqual({ status: 'unknown' });
    expect(doors.states(NOW)['admission/a']).toEqual({ state: 'failed', detail: 'trust 1 is no certificate' });
  });
});

describe('a door with a window', () => {
  const from = '2026-06-01T00:00:00.000Z';
  const until = '2027-06-01T00:00:00.000Z';
  const before = at(from) - 1;
  const inside = at('2026-12-01T00:00:00.000Z');
  const timed = (more: Partial<AdmissionItem> = {}) => admission('a', { window: { from, until }, ...more });
  const status = (doors: Doors, now: number) => doors.find('member', 'n1.member.test', now).status;
  const detail = (doors: Doors, now: number) => doors.states(now)['admission/a']?.detail;

  it('opens and shuts by the clock, to the millisecond, with nobody looking in between', () => {
    const doors = new Doors([timed()], sound);
    expect([before, at(from), at(until) - 1, at(until)].map((now) => status(doors, now))).toEqual([
      'not-started',
      'open',
      'open',
      'ended',
    ]);
  });

  it('shuts again when the clock goes back before its start', () => {
    const doors = new Doors([timed()], sound);
    expect([inside, before, at(from)].map((now) => status(doors, now))).toEqual(['open', 'not-started', 'open']);
  });

  it('stays shut once its end was seen, however far the clock goes back', () => {
    const doors = new Doors([timed()], sound);
    expect([at(until), inside, before].map((now) => status(doors, now))).toEqual(['ended', 'ended', 'ended']);
  });

  it('stays shut over later configurations, also when something else about it changes', () => {
    const ended = new Doors([timed()], sound);
    ended.look(at(until));
    const denied = new Doors([timed({ denied: ['spiffe://inst/network/n1/member/m'] })], sound, ended);
    expect(status(denied, inside)).toBe('ended');
    expect(status(new Doors([timed()], sound, denied), inside)).toBe('ended');
  });

  it('begins anew with another window, and without what was before', () => {
    const ended = new Doors([timed()], sound);
    ended.look(at(until));
    const longer = timed({ window: { from, until: '2028-06-01T00:00:00.000Z' } });
    expect(status(new Doors([longer], sound, ended), at(until))).toBe('open');
    expect(status(new Doors([admission('a')], sound, ended), at(until))).toBe('open');
    // A negative control: what is kept is kept by the doors before and by nothing else.
    expect(status(new Doors([timed()], sound), inside)).toBe('open');
  });

  it('says in words what it does, and is as it was asked to be all the while', () => {
    const doors = new Doors([timed()], sound);
    expect(detail(doors, before)).toBe(`not started: nobody is let in before ${from}`);
    expect(detail(doors, inside)).toBe(`open since ${from}, until ${until}`);
    expect(detail(new Doors([timed({ window: { from } })], sound), inside)).toBe(`open since ${from}`);
    expect(detail(doors, at(until))).toBe(`ended: nobody is let in since ${until}`);
    expect(detail(doors, inside)).toContain('the clock went back');
    const suspended = new Doors([timed({ window: { from, until: from } })], sound);
    for (const now of [before, inside, at(until)]) {
      expect(detail(suspended, now)).toBe('suspended: nobody is let in until it is resumed');
      expect(status(suspended, now)).not.toBe('open');
    }
    expect(detail(new Doors([admission('a')], sound), inside)).toBeUndefined();
    for (const now of [before, inside, at(until)]) expect(doors.states(now)['admission/a']?.state).toBe('applied');
  });

  it('is looked at for what changed, and says when that will be', () => {
    const doors = new Doors([timed()], sound);
    expect([before, before, inside, inside, at(until), inside].map((now) => doors.look(now))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect([before, inside, at(until)].map((now) => doors.nextBoundary(now))).toEqual([at(from), at(until), Infinity]);
    expect(new Doors([admission('a')], sound).nextBoundary(before)).toBeUndefined();
  });

  it('is looked at so long before it opens as is asked for, when it is what opens soon', () => {
    const later = admission('b', { serverName: 'n2.member.test', window: { from: '2026-06-01T00:00:30.000Z' } });
    const doors = new Doors([later, timed()], sound);
    const soon = at(from) - 60_000;
    expect(doors.nextBoundary(soon - 1, 60_000)).toBe(soon);
    expect(doors.nextBoundary(soon, 60_000)).toBe(soon + 30_000);
    expect(doors.nextBoundary(soon + 30_000, 60_000)).toBe(at(from));
    const opening = (now: number) => doors.openingWithin(60_000, now).map(({ id }) => id);
    expect([soon - 1, soon, soon + 30_000].map(opening)).toEqual([[], ['a'], ['a', 'b']]);
    expect([at(from), inside].map(opening)).toEqual([['b'], []]);
    expect(doors.openingWithin(0, before)).toEqual([]);
  });

  it('is noticed at the next look, also when a handshake found it first', () => {
    const doors = new Doors([timed()], sound);
    doors.look(inside);
    expect(status(doors, at(until))).toBe('ended');
    expect(doors.look(at(until))).toBe(true);
  });

  it('is counted by its phase; others are not', () => {
    const doors = new Doors([timed(), admission('b', { serverName: 'n2.member.test' })], sound);
    expect(doors.count(before)).toEqual({ 'not-started': 1, open: 0, ended: 0 });
    expect(doors.count(inside)).toEqual({ 'not-started': 0, open: 1, ended: 0 });
    expect(doors.count(at(until))).toEqual({ 'not-started': 0, open: 0, ended: 1 });
  });
});
