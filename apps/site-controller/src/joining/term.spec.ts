import { describe, expect, it } from 'vitest';
import { testAuthorities } from '../testing.fixture.js';
import type { Origin, Site } from './joining.js';
import { NotStarted, overOf, overSince, termOf } from './term.js';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const identity = { kind: 'claim', installation: 'test', networkId: 'n1', invitationId: 'i1' } as const;
const leaf = testAuthorities(NOW).make('claim', identity).chain[0]!;
const [from, until] = ['2026-01-01T11:55:00.000Z', '2026-01-31T12:00:00.000Z'];

describe('the certificate that a site came with', () => {
  it.each([
    ['2026-01-01T11:54:59.999Z', { status: 'not-yet', from }],
    [from, { status: 'valid' }],
    ['2026-01-31T11:59:59.999Z', { status: 'valid' }],
    [until, { status: 'over', until }],
  ])('at %s says %j', (at, term) => {
    expect(termOf(leaf, new Date(at))).toEqual(term);
  });

  const control = { serverName: 'caravan.control', trust: [], direct: null };
  const source = { installation: 'test', control, sourceId: 'i1', asOf: 0 };
  const member: Origin = { ...source, role: 'member', network: { id: 'n1', name: 'retail' }, backbone: null };
  const backbone: Origin = { ...source, role: 'backbone', network: null, backbone: { id: 'b1', name: 'demo' } };

  it('is why an invitation waits for its network, in words', () => {
    const { code, message } = new NotStarted(member, from);
    expect(code).toBe('network.not-started');
    expect(message).toContain(`retail starts at ${from}`);
  });

  it('of a bundle is never early, unless a clock is wrong', () => {
    const { code, message } = new NotStarted(backbone, from);
    expect(code).toBe('certificate.not-yet-valid');
    expect(message).toContain('clock');
  });

  it('is why an old file leads nowhere, with the remedy', () => {
    expect(overSince(member, until)).toMatchObject({
      code: 'certificate.expired',
      detail: expect.stringMatching(/until 2026-01-31.*downloaded again/s),
    });
    expect(overSince(backbone, until).detail).toContain('another one for this backbone site');
  });
});

describe('a site that had joined', () => {
  const { make } = testAuthorities(NOW);
  const member = { kind: 'member', installation: 'test', networkId: 'n1', memberId: 'm1' } as const;
  const { chain } = make('member', member);
  const site = { role: 'member', network: { id: 'n1', name: 'retail' } } as Site;
  const [leafEnds, networkEnds] = ['2026-04-01T12:00:00.000Z', '2030-12-31T12:00:00.000Z'];

  it('is over with its certificate, and not a millisecond before', () => {
    expect(overOf(site, chain, new Date('2026-04-01T11:59:59.999Z'))).toBeUndefined();
    expect(overOf(site, chain, new Date(leafEnds))).toMatchObject({
      code: 'certificate.expired',
      at: leafEnds,
      message: expect.stringMatching(
        /valid until 2026-04-01T12:00:00.000Z.*clock.*for an invitation.*stays who it is/s,
      ),
    });
  });

  it('knows by itself that its network has ended: also those that signed for the network are over', () => {
    expect(overOf(site, chain, new Date('2030-12-31T11:59:59.999Z'))?.code).toBe('certificate.expired');
    expect(overOf(site, chain, new Date(networkEnds))).toMatchObject({
      code: 'network.ended',
      at: networkEnds,
      message: expect.stringContaining(`The network retail ended at ${networkEnds}`),
    });
  });

  it('says nothing of a network where it is none of one', () => {
    const backbone = { role: 'backbone', network: null } as Site;
    expect(overOf(backbone, chain, new Date(networkEnds))).toMatchObject({
      code: 'certificate.expired',
      message: expect.stringContaining('for another bundle'),
    });
  });
});
