import { describe, expect, it } from 'vitest';
import { AuthorityEstablished, AuthorityRequested } from '@caravan/events';
import type { Event } from '@caravan/events';
import { established } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { requireSignedAuthority } from './awaited.js';

const [backboneId, networkId] = [id('demo'), id('retail')];
const asked = (kind: 'backbone' | 'network', ordinal = 1): Event =>
  AuthorityRequested({
    ...{ authorityId: id(`${kind} ${ordinal}`), kind, backboneId, networkId: kind === 'network' ? networkId : null },
    ...{ ordinal, rootId: id('root'), issuer: 'offline', csr: 'csr', subject: 'CN=x', pathLength: 1, until: null },
    publicKeyFingerprint: 'a'.repeat(64),
  });
const signed = (kind: 'backbone' | 'network'): Event => {
  const { data } = established(kind, { backboneId, ...(kind === 'network' && { networkId }) });
  return AuthorityEstablished({ ...data, authorityId: id(`${kind} 1`) });
};

describe('a certificate whose authority is signed elsewhere', () => {
  const answer = (of: { networkId?: string }, ...events: Event[]) =>
    requireSignedAuthority(readModelsOf(...events), { backboneId, ...of }).then(
      () => 'asked for',
      ({ code }: { code: string }) => code,
    );

  it.each<[string, { networkId?: string }, Event[], string]>([
    ['nobody else signs', { networkId }, [], 'asked for'],
    ['its backbone is not signed', {}, [asked('backbone')], 'authority.awaiting-certificate'],
    ['the backbone of its network is not', { networkId }, [asked('backbone')], 'authority.awaiting-certificate'],
    ['its network is not', { networkId }, [asked('network')], 'authority.awaiting-certificate'],
    ['another network is not', { networkId: id('other') }, [asked('network')], 'asked for'],
    ['its backbone is signed', {}, [asked('backbone'), signed('backbone')], 'asked for'],
    [
      'its network is signed, which does not stand on its backbone',
      { networkId },
      [asked('backbone'), asked('network'), signed('network')],
      'asked for',
    ],
    ['the next one is not', {}, [asked('backbone'), signed('backbone'), asked('backbone', 2)], 'asked for'],
  ])('while %s', async (_, of, events, expected) => {
    expect(await answer(of, ...events)).toBe(expected);
  });
});
