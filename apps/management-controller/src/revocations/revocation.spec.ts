import { describe, it } from 'vitest';
import { RevocationConfirmed, RevocationEnforced, revocationEvents, RevocationRequested } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { MOST_AT_ONCE, revocation } from './revocation.js';
import type { SiteConfirmation } from './revocation.js';

const { given } = specification(revocation, revocationEvents);

const now = new Date('2026-03-01T12:00:01.000Z');
const revocationId = id('revocation');
const target = { kind: 'member', memberId: id('store'), networkId: id('retail'), backboneId: id('demo') } as const;
const about = { revocationId, metadata: commandMetadata({ now }) };
const request = { type: 'RequestRevocation', target, name: 'store', reason: 'key-compromise', ...about } as const;
const record = (sites: readonly SiteConfirmation[], isEnforced: boolean) =>
  ({ type: 'RecordEnforcement', sites, isEnforced, ...about }) as const;

const requested = RevocationRequested({ revocationId, target, name: 'store', reason: 'key-compromise' });
const at = (second: number) => `2026-03-01T12:00:0${second}.000Z`;
const north = { siteId: id('north'), at: at(1) };
const south = { siteId: id('south'), at: at(2) };
const confirmed = (...sites: SiteConfirmation[]) => RevocationConfirmed({ revocationId, sites });
const enforced = (count: number, enforcedAt: string) =>
  RevocationEnforced({ revocationId, confirmed: count, enforcedAt });

describe('a revocation', () => {
  it('is requested once, whoever asks again and whatever for', () => {
    given().when(request).then(requested);
    given(requested)
      .when({ ...request, reason: 'superseded' })
      .thenNothing();
    given(requested, enforced(0, at(1)))
      .when(request)
      .thenNothing();
  });

  it('is confirmed by each site once, at the time when that was heard first', () => {
    given(requested)
      .when(record([north], false))
      .then(confirmed(north));
    given(requested, confirmed(north))
      .when(record([{ ...north, at: at(5) }, south], false))
      .then(confirmed(south));
    given(requested, confirmed(north))
      .when(record([north], false))
      .thenNothing();
  });

  it('is enforced when the last was heard, and nothing follows', () => {
    given(requested, confirmed(south))
      .when(record([north], true))
      .then(confirmed(north), enforced(2, at(2)));
    given(requested, confirmed(north, south), enforced(2, at(2)))
      .when(record([{ siteId: id('late'), at: at(3) }], true))
      .thenNothing();
  });

  it('is enforced at once where nobody has to', () => {
    given(requested).when(record([], true)).then(enforced(0, now.toISOString()));
  });

  it('is not enforced before all who confirmed are recorded', () => {
    const many = Array.from({ length: MOST_AT_ONCE + 1 }, (_, n) => ({ siteId: id(`relay ${n}`), at: at(1) }));
    const first = many.slice(0, MOST_AT_ONCE);
    given(requested)
      .when(record(many, true))
      .then(confirmed(...first));
    given(requested, confirmed(...first))
      .when(record(many, true))
      .then(confirmed(many[MOST_AT_ONCE]!), enforced(MOST_AT_ONCE + 1, at(1)));
  });

  it('of which nobody knows has nobody who enforces it', () => {
    given()
      .when(record([north], true))
      .thenNothing();
  });
});
