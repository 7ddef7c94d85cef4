import { describe, it } from 'vitest';
import type { InvitationTerms } from '@caravan/events';
import { NetworkCreated } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { about, created, deleted, given, listed, networkTerms, siteClass, terms, unlisted } from './network.fixture.js';

const list = (name: string, changes: Partial<InvitationTerms> = {}) =>
  ({ type: 'ListInvitation', terms: terms(name, changes), ...about }) as const;
const unlist = (name: string) => ({ type: 'UnlistInvitation', invitationId: id(name), ...about }) as const;

describe('an invitation in its network', () => {
  it('is listed once', () => {
    given(created).when(list('hq')).then(listed('hq'));
    given(created, listed('hq')).when(list('hq')).thenNothing();
  });

  it('has a name that no other invitation of the network has, until that one is gone', () => {
    const another = { invitationId: id('another hq'), namePrefix: 'elsewhere' };
    given(created, listed('hq')).when(list('hq', another)).thenRejects('invitation.name-taken', { name: 'hq' });
    given(created, listed('hq'), unlisted('hq')).when(list('hq', another)).then(listed('hq', another));
  });

  it('names its members as no other invitation could ever name one', () => {
    given(created, listed('store'))
      .when(list('shop', { namePrefix: 'store' }))
      .thenRejects('invitation.member-names-taken', { namePrefix: 'store', by: 'store' });
    given(created, listed('store', { instanceLimit: 5 }))
      .when(list('store-3', { instanceLimit: 1 }))
      .thenRejects('invitation.member-names-taken', { namePrefix: 'store-3', by: 'store' });
    const seventh = { instanceLimit: 1 };
    given(created, listed('store', { instanceLimit: 5 }))
      .when(list('store-7', seventh))
      .then(listed('store-7', seventh));
  });

  it('gives classes that the network has', () => {
    const gold = { siteClasses: ['gold'] };
    given(created, siteClass('gold')).when(list('hq', gold)).then(listed('hq', gold));
    given(created).when(list('hq', gold)).thenRejects('site-class.unknown', { name: 'gold' });
    given(created, siteClass('gold'))
      .when(list('hq', { siteClasses: ['gold', 'silver'] }))
      .thenRejects('site-class.unknown', { name: 'silver' });
  });

  it('can be claimed at least for a moment', () => {
    const deadline = '2026-01-01T12:00:00.000Z';
    const at = (now: string) => ({ ...list('hq', { deadline }), metadata: commandMetadata({ now: new Date(now) }) });
    given(created).when(at(deadline)).thenRejects('invitation.deadline-passed', { deadline });
    given(created).when(at('2026-01-01T11:59:59.999Z')).then(listed('hq', { deadline }));
  });

  it('is refused from the end of the network on, and not a millisecond before; what was listed before may be gone', () => {
    const endsAt = '2026-01-01T12:00:00.000Z';
    const ending = NetworkCreated({ ...networkTerms, endsAt });
    const at = (now: string) => ({ ...list('hq'), metadata: commandMetadata({ now: new Date(now) }) });
    given(ending)
      .when(at(endsAt))
      .thenRejects('network.ended', {
        network: 'retail',
        endsAt,
        detail: `The network retail ended at ${endsAt}: nobody can join it any more. Create another network.`,
      });
    given(ending).when(at('2026-01-01T11:59:59.999Z')).then(listed('hq'));
    given(ending, listed('hq')).when(at(endsAt)).thenNothing();
    given(ending, listed('hq'))
      .when({ ...unlist('hq'), metadata: at(endsAt).metadata })
      .then(unlisted('hq'));
  });

  it('is listed before the network starts', () => {
    const later = NetworkCreated({ ...networkTerms, startsAt: '2027-01-01T00:00:00.000Z' });
    given(later).when(list('hq')).then(listed('hq'));
  });

  it('is unlisted once; a second time, and after the network is gone, there is nothing to do', () => {
    given(created, listed('hq')).when(unlist('hq')).then(unlisted('hq'));
    given(created, listed('hq'), unlisted('hq')).when(unlist('hq')).thenNothing();
    given(created, deleted).when(unlist('hq')).thenNothing();
    given().when(unlist('hq')).thenNothing();
  });
});
