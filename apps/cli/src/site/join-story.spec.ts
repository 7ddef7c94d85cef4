import { describe, expect, it } from 'vitest';
import type { LocalState } from '@caravan/api';
import { JoinStory, refusalOf } from './await-joined.js';
import { howItIs } from './how-it-is.js';

const state = (step: LocalState['step'], troubles: string[] = []) =>
  ({ step, troubles: troubles.map((code) => ({ code, detail: 'No answer.', since: '' })) }) as unknown as LocalState;

const headline = (of: LocalState): string => howItIs(of, new Date(60_000)).words;

const told = (...states: LocalState[]): string[] => {
  const lines: string[] = [];
  const story = new JoinStory((line) => lines.push(line.trim()), 0);
  states.forEach((each, at) => story.hear(each, at * 1000));
  return lines;
};

describe('the story of a join', () => {
  it('tells each step once, also those that passed between two looks', () => {
    expect(told(state('invited'), state('invited'), state('admitted'), state('joined'))).toEqual([
      '+0.0s  the file was taken',
      '+2.0s  a key was made here; asking to join',
      '+2.0s  accepted; its certificate is being signed',
      '+2.0s  certificate received; linking with it',
      '+3.0s  joined',
    ]);
  });

  it('tells each trouble when it appears', () => {
    expect(told(state('key-made', ['link.unreachable']), state('key-made', ['link.unreachable'])).slice(2)).toEqual([
      '+0.0s  not yet: No answer. [link.unreachable]',
    ]);
  });

  it('does not call it a trouble that the way to the management plane is not open at once, until that has lasted', () => {
    const away = state('key-made', ['management.away']);
    expect(told(away, away, away, away, away).slice(2)).toEqual([]);
    expect(told(away, away, away, away, away, away, away).slice(2)).toEqual([
      '+5.0s  not yet: No answer. [management.away]',
    ]);
  });

  it('does not say "not yet" of a site that has joined', () => {
    expect(told(state('joined', ['management.away']))).toHaveLength(5);
  });

  it('does not make up the steps that a refused site never reached', () => {
    expect(told(state('key-made'), state('refused', ['invitation.expired']))).toEqual([
      '+0.0s  the file was taken',
      '+0.0s  a key was made here; asking to join',
    ]);
  });
});

describe('a site whose network has ended', () => {
  const ended = state('joined', ['management.away', 'network.ended']);

  it('is not well, and not only cut off', () => {
    expect(headline(ended)).toBe('its network has ended; it carries nothing any more');
    expect(headline(state('joined', ['certificate.expired']))).toMatch(/^its certificate is over/);
  });

  it('is none that is refused while it joins: its process goes on', () => {
    expect(refusalOf(ended, '/shop')).toBeUndefined();
    expect(headline(state('refused', ['network.ended']))).toMatch(/^refused/);
  });
});

describe('a site that was removed', () => {
  const removed = state('joined', ['management.away', 'site.removed', 'link.unreachable']);

  it('is refused with that code and its detail, although its step is joined', () => {
    expect(refusalOf(removed, '/shop')).toMatchObject({ code: 'site.removed', message: 'No answer.', exit: 3 });
    expect(headline(removed)).toMatch(/^removed from its network/);
  });

  it('is not taken for one that only has troubles', () => {
    expect(refusalOf(state('joined', ['management.away']), '/shop')).toBeUndefined();
    expect(headline(state('joined', ['management.away']))).not.toContain('removed');
  });
});
