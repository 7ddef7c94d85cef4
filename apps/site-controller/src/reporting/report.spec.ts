import { describe, expect, it } from 'vitest';
import type { Item, Observation, ObservedLink } from '@caravan/data-plane';
import { observationSchema } from '@caravan/data-plane';
import { MAX_SITE_MESSAGE_BYTES, reportSchema } from '@caravan/events';
import { reportOf } from './report.js';
import type { ReportInput } from './report.js';

const listener = (id: string): Item => ({
  kind: 'listener',
  id,
  networkId: 'n',
  address: 'a',
  host: '127.0.0.1',
  port: 80,
});
const certificate: Item = { kind: 'certificate', id: 'ap', purpose: 'access-point', ordinal: 1, hosts: [] };
const link = (id: string, subjects = 1): ObservedLink => ({
  id,
  direction: 'accepted',
  access: 'member',
  peerIdentity: 'spiffe://test/network/n/member/m',
  peerChain: Array.from({ length: subjects }, () => ({ subject: 'CN=a', issuer: 'CN=b', serial: '1', notAfter: '2' })),
  since: '2026-01-01T00:00:00Z',
  streams: 0,
  bytesIn: 0,
  bytesOut: 0,
});
const observed = (items: Observation['items'] = {}, links: ObservedLink[] = []): Observation => ({ items, links });
const report = (changes: Partial<ReportInput> = {}) =>
  reportOf({
    capability: 4,
    version: '0.1.0',
    appliedRevision: 7,
    host: '127.0.0.1',
    items: [],
    refused: new Map(),
    observed: observed(),
    shut: new Set(),
    certificateState: () => ({ state: 'waiting' }),
    ...changes,
  });
const items = (changes: Partial<ReportInput>) => (report(changes).observation as Observation).items;

describe('the report of a site', () => {
  it('is one of the site protocol, with an observation of the data plane', () => {
    const whole = report({
      items: [listener('a')],
      observed: observed({ 'listener/a': { state: 'applied' } }, [link('l')]),
    });
    expect(reportSchema.parse(whole)).toEqual(whole);
    expect(observationSchema.parse(whole.observation)).toEqual(whole.observation);
    expect(whole).toMatchObject({ capability: 4, appliedRevision: 7, host: '127.0.0.1', version: '0.1.0' });
  });

  it('says nothing that the management plane does not know of: it would refuse the whole of it', () => {
    const supplied = { proof: null, linkCertificates: [] };
    const said = (capability: number) =>
      Object.keys(report({ capability, ...supplied })).filter((key) => key in supplied);
    expect([7, 8, 9].map(said)).toEqual([[], ['proof'], ['proof', 'linkCertificates']]);
  });

  it('says of each item what the relay says, of certificates what the site says, and why it refuses an item', () => {
    expect(
      items({
        items: [listener('a'), listener('b'), certificate],
        observed: observed({
          'listener/a': { state: 'failed', detail: 'the port is taken' },
          'listener/old': { state: 'applied' },
        }),
        refused: new Map([['tunnel/x', 'not understood']]),
        certificateState: () => ({ state: 'applied' }),
      }),
    ).toEqual({
      'listener/a': { state: 'failed', detail: 'the port is taken' },
      'listener/b': { state: 'waiting', detail: expect.stringContaining('not taken it yet') },
      'certificate/ap': { state: 'applied' },
      'tunnel/x': { state: 'refused', detail: 'not understood' },
    });
  });

  it('says that items wait for the relay while that is away', () => {
    expect(items({ items: [listener('a')], observed: undefined })).toEqual({
      'listener/a': { state: 'waiting', detail: expect.stringContaining('away') },
    });
  });

  it.each([
    ['leaves out the chains of its links first', 300, 20, [], 300],
    ['then the links', 3_000, 0, [], 0],
  ])('goes into one message: it %s', (_, links, subjects, __, left) => {
    const large = report({
      observed: observed(
        {},
        Array.from({ length: links }, (___, i) => link(`${i}`, subjects)),
      ),
    });
    expect(Buffer.byteLength(JSON.stringify(large))).toBeLessThanOrEqual(MAX_SITE_MESSAGE_BYTES);
    expect((large.observation as Observation).links).toHaveLength(left);
  });

  it('goes into one message: it leaves out the items that are as asked last', () => {
    const many = Array.from({ length: 8_000 }, (_, i) => listener(`${i}`));
    const states = Object.fromEntries(many.map(({ id }) => [`listener/${id}`, { state: 'applied' } as const]));
    const large = report({ items: many, observed: observed({ ...states, 'listener/5': { state: 'failed' } }) });
    expect((large.observation as Observation).items).toEqual({ 'listener/5': { state: 'failed' } });
  });
});
