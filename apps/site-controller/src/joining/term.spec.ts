import { describe, expect, it } from '@jest/globals';
import { testAuthorities } from '../testing.fixture.js';
import type { Origin } from './joining.js';
import { NotStarted, overSince, termOf } from './term.js';

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
  const source = { installation: 'test', control, sourceId: 'i1' };
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
