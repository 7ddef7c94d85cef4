import { describe, expect, it } from 'vitest';
import type { Ask } from '@caravan/events';
import { claimed, claims, declined, given, issued, memberGone, requested } from './invitation.fixture.js';
import { requireDetails } from './details.js';

const contact: Ask = { type: 'text', name: 'contact', about: 'whom to call', required: true };
const odd: Ask = { type: 'text', name: 'constructor', about: '', required: false };
const floor: Ask = { type: 'number', name: 'floor', about: '', required: false };
const open: Ask = { type: 'boolean', name: 'open', about: '', required: false };
const region: Ask = { type: 'choice', name: 'region', about: '', required: true, choices: ['emea', 'apac'] };

describe('what an invitation asks of whoever joins', () => {
  it('becomes what is known of the site', () => {
    const details = { contact: 'Ada', floor: 2 };
    given(issued({ asks: [contact, floor] }))
      .when(claims(1, { details }))
      .then(claimed(1, { details }));
    given(issued({ asks: [contact] }))
      .when(claims(1))
      .thenRejects('invitation.details-wrong');
    given(issued()).when(claims(1, { details })).thenRejects('invitation.details-wrong');
    given(issued({ asks: [contact] }), claimed(1))
      .when(claims(1))
      .thenNothing(); // it has joined already
  });

  it('is refused with everything that is wrong with it', () => {
    const wrong = (given: Parameters<typeof requireDetails>[1]): unknown => {
      try {
        return requireDetails([contact, floor, open, region, odd], given);
      } catch (error) {
        return (error as { details: { wrong: string[] } }).details.wrong;
      }
    };
    const fine = { contact: 'Ada', region: 'apac' };
    for (const more of [{}, { floor: 2, open: false }])
      expect(wrong({ ...fine, ...more })).toEqual({ ...fine, ...more });
    expect(wrong({ floor: 'two', open: 1, region: 'mars', size: 'xl' })).toEqual([
      'contact: it is missing (whom to call)',
      'floor: a number',
      'open: a boolean',
      'region: one of emea, apac',
      'size: nobody asks for it',
    ]);
    expect(wrong({ ...fine, contact: '' })).toEqual(['contact: it is empty']);
    expect(wrong({ ...fine, contact: true })).toEqual(['contact: a text']);
  });
});

describe('a site that is named by whoever joins', () => {
  const named = issued({ interactive: true });
  const paris = { memberName: 'store-paris' };

  it('has that name after the prefix, which nobody else has', () => {
    given(named)
      .when(claims(1, { name: 'paris' }))
      .then(claimed(1, paris));
    given(named, claimed(1, paris))
      .when(claims(2, { name: 'paris' }))
      .thenRejects('invitation.site-name-taken');
    const next = { ...paris, ordinal: 2 };
    given(named, claimed(1, paris), memberGone(1))
      .when(claims(2, { name: 'paris' }))
      .then(claimed(2, next)); // another machine
    given(named, claimed(1, paris))
      .when(claims(1, { name: 'rome' }))
      .thenNothing(); // it has its name
  });

  it('leaves the name to others when it was declined', () => {
    const asked = issued({ interactive: true, approval: true });
    given(asked, requested(1, paris))
      .when(claims(2, { name: 'paris' }))
      .thenRejects('invitation.site-name-taken');
    given(asked, requested(1, paris), declined(1))
      .when(claims(2, { name: 'paris' }))
      .then(requested(2, paris));
  });

  it('has to be named, and no other may be', () => {
    given(named).when(claims(1)).thenRejects('invitation.site-name-wrong');
    given(named)
      .when(claims(1, { name: 'p'.repeat(58) }))
      .thenRejects('invitation.site-name-wrong');
    given(issued())
      .when(claims(1, { name: 'paris' }))
      .thenRejects('invitation.site-name-wrong');
  });
});
