import { describe, it } from 'vitest';
import { NetworkCreated } from '@caravan/events';
import { commandMetadata } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import {
  about,
  created,
  deleted,
  deletionBegun,
  ended,
  given,
  listed,
  networkId,
  networkTerms,
  revoked,
  siteClass,
  siteClassRemoved,
  terms,
  unlisted,
} from './network.fixture.js';
import { MOST_SITE_CLASSES } from './listing.js';

const create = { type: 'CreateNetwork', ...networkTerms, ...about } as const;
const remove = { type: 'DeleteNetwork', ...about } as const;
const addClass = (name: string, siteClassId = id(name)) =>
  ({ type: 'AddSiteClass', siteClassId, name, ...about }) as const;
const removeClass = (name: string) => ({ type: 'RemoveSiteClass', siteClassId: id(name), ...about }) as const;

describe('a network', () => {
  it('opens once, by the request or by the reaction, and never again after it was deleted', () => {
    given().when(create).then(created);
    given(created).when(create).thenNothing();
    given(created, deleted).when(create).thenNothing();
  });

  it('is deleted with its site classes', () => {
    given(created).when(remove).then(deleted);
    given(created, siteClass('gold'), siteClass('storefront'), siteClassRemoved('gold'))
      .when(remove)
      .then(siteClassRemoved('storefront'), deleted);
  });

  it('is not deleted while it has invitations, and keeps its classes then', () => {
    given(created, siteClass('gold'), listed('hq'))
      .when(remove)
      .thenRejects('network.has-invitations', { invitations: 1 });
    given(created, listed('hq'), unlisted('hq')).when(remove).then(deleted);
  });

  it('is revoked once, and then can only be emptied and deleted', () => {
    const revoke = { type: 'RevokeNetwork', isEviction: true, ...about } as const;
    given(created).when(revoke).then(revoked);
    for (const history of [[], [created, revoked], [created, deleted]])
      given(...history)
        .when(revoke)
        .thenNothing();
    given(created, revoked).when(addClass('gold')).thenRejects('network.revoked');
    const list = { type: 'ListInvitation', terms: terms('hq'), ...about } as const;
    given(created, revoked).when(list).thenRejects('network.revoked');
    const unlist = { type: 'UnlistInvitation', invitationId: id('hq'), ...about } as const;
    given(created, listed('hq'), revoked).when(unlist).then(unlisted('hq'));
    given(created, siteClass('gold'), revoked).when(remove).then(siteClassRemoved('gold'), deleted);
  });

  it('has ended once that is recorded, whatever the clock says, and then goes with all that it has', () => {
    const endsAt = '2026-01-01T12:00:00.000Z';
    const ending = NetworkCreated({ ...networkTerms, endsAt });
    const at = (now: string) => ({ networkId, metadata: commandMetadata({ now: new Date(now) }) });
    const record = (now: string) => ({ type: 'RecordNetworkEnd', ...at(now) }) as const;
    const [before, after] = ['2026-01-01T11:59:59.999Z', endsAt];
    given(ending).when(record(after)).then(ended(endsAt));
    for (const history of [[], [created], [ending, ended(endsAt)], [ending, revoked], [ending, deleted]])
      given(...history)
        .when(record(after))
        .thenNothing();
    given(ending).when(record(before)).thenNothing();
    given(ending, ended(endsAt))
      .when({ ...addClass('gold'), ...at(before) })
      .thenRejects('network.ended');
    given(ending, listed('hq'), ended(endsAt)).when(remove).then(deletionBegun);
    given(ending, siteClass('gold'), ended(endsAt)).when(remove).then(siteClassRemoved('gold'), deleted);
    given(ending, listed('hq'), ended(endsAt), deletionBegun).when(remove).thenNothing();
    given(ending, listed('hq'), ended(endsAt), deletionBegun, unlisted('hq')).when(remove).then(deleted);
    given(created, listed('hq'), revoked).when(remove).thenNothing();
    const revoke = { type: 'RevokeNetwork', ...about } as const;
    given(ending, ended(endsAt))
      .when({ ...revoke, isEviction: false })
      .thenNothing();
    given(ending, ended(endsAt))
      .when({ ...revoke, isEviction: true })
      .then(deletionBegun);
  });

  it('does not exist before it opened, nor after it was deleted', () => {
    const list = { type: 'ListInvitation', terms: terms('hq'), ...about } as const;
    for (const command of [remove, addClass('gold'), removeClass('gold'), list]) {
      given().when(command).thenRejects('network.unknown', { networkId });
      given(created, deleted).when(command).thenRejects('network.unknown', { networkId });
    }
  });
});

describe('a site class', () => {
  it('is added once', () => {
    given(created).when(addClass('gold')).then(siteClass('gold'));
    given(created, siteClass('gold')).when(addClass('gold')).thenNothing();
  });

  it('has a name that no other class of the network has', () => {
    given(created, siteClass('gold'))
      .when(addClass('gold', id('another gold')))
      .thenRejects('site-class.name-taken', { name: 'gold' });
  });

  it('is one of a bounded number, which can be removed with the network at once', () => {
    const most = Array.from({ length: MOST_SITE_CLASSES }, (_, n) => `class-${n}`);
    const full = [created, ...most.map((name) => siteClass(name))];
    given(...full)
      .when(addClass('one more'))
      .thenRejects('site-class.too-many', { most: MOST_SITE_CLASSES });
    given(...full)
      .when(remove)
      .then(...most.map((name) => siteClassRemoved(name)), deleted);
    given(...full, siteClassRemoved('class-1'))
      .when(addClass('another'))
      .then(siteClass('another'));
  });

  it('is not added to a network that has ended, and removed from it nevertheless', () => {
    const endsAt = '2026-01-01T12:00:00.000Z';
    const ending = NetworkCreated({ ...networkTerms, endsAt });
    const over = { metadata: commandMetadata({ now: new Date(endsAt) }) };
    given(ending)
      .when({ ...addClass('gold'), ...over })
      .thenRejects('network.ended', { network: 'retail', endsAt });
    given(ending, siteClass('gold'))
      .when({ ...addClass('gold'), ...over })
      .thenNothing();
    given(ending, siteClass('gold'))
      .when({ ...removeClass('gold'), ...over })
      .then(siteClassRemoved('gold'));
    const before = { metadata: commandMetadata({ now: new Date('2026-01-01T11:59:59.999Z') }) };
    given(ending)
      .when({ ...addClass('gold'), ...before })
      .then(siteClass('gold'));
  });

  it('is removed once; then it is unknown', () => {
    given(created, siteClass('gold')).when(removeClass('gold')).then(siteClassRemoved('gold'));
    given(created)
      .when(removeClass('gold'))
      .thenRejects('site-class.unknown', { siteClassId: id('gold') });
    given(created, siteClass('gold'), siteClassRemoved('gold'))
      .when(removeClass('gold'))
      .thenRejects('site-class.unknown');
  });

  it('is not removed while an invitation gives it', () => {
    const used = [created, siteClass('gold'), siteClass('plain'), listed('hq', { siteClasses: ['gold'] })];
    given(...used)
      .when(removeClass('gold'))
      .thenRejects('site-class.in-use', { invitation: 'hq' });
    given(...used)
      .when(removeClass('plain'))
      .then(siteClassRemoved('plain'));
    given(...used, unlisted('hq'))
      .when(removeClass('gold'))
      .then(siteClassRemoved('gold'));
  });
});
