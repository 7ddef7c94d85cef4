import { describe, expect, it } from 'vitest';
import type { Authority, RevocationPlan, RotationPlan } from '@caravan/api';
import { revocationPlanText, rotationPlanText } from './plan-text.js';
import { treeText } from './tree.command.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const authority = (
  id: string,
  kind: Authority['kind'],
  issuerId: string | null,
  changes: Partial<Authority> = {},
): Authority => ({
  ...{ id, kind, issuerId, backboneId: null, networkId: null, ordinal: 1, subject: '', serial: '', fingerprint: '' },
  ...{
    notBefore: now.toISOString(),
    notAfter: '2026-01-11T00:00:00.000Z',
    phase: 'in-use',
    breaks: '',
    certificate: '',
  },
  ...{ signedBy: issuerId === null ? 'itself' : 'internal', holds: [] },
  ...changes,
});

describe('the tree of authorities', () => {
  const member = { networkId: 'n', holds: [{ holderKind: 'member', certificates: 3, soonestEnd: '' }] };
  const tree = [
    authority('r', 'root', null),
    authority('m', 'management', 'r', { signedBy: 'offline' }),
    authority('b', 'backbone', 'r', { backboneId: 'b' }),
    authority('n', 'network', 'b', { networkId: 'n', phase: 'replaced' }),
    authority('x', 'member', 'n', member),
  ];

  it('has each below the one that signed it, with what hangs on it', () => {
    expect(treeText(tree, (id) => `<${id}>`, now)).toBe(
      [
        'root 1 (in-use, 10 days)',
        '├─ management 1 (in-use, 10 days, signed by offline)',
        '└─ backbone <b> 1 (in-use, 10 days)',
        '   └─ network <n> 1 (replaced, 10 days)',
        '      └─ member <n> 1 (in-use, 10 days): 3 member',
        '',
      ].join('\n'),
    );
  });

  it('begins anew where the one above is not shown', () => {
    expect(treeText(tree.slice(3), (id) => id, now).split('\n')).toHaveLength(3);
    expect(treeText([], (id) => id, now)).toBe('');
  });
});

const away = { siteId: 's', name: 'kiosk', lastSeenAt: null, detail: 'it has never been heard of' };
const nobody = { concerned: 0, away: [], tooOld: [] };

describe('what would happen, in words', () => {
  it('of a revocation', () => {
    const plan: RevocationPlan = {
      ...{ targetKind: 'member', targetId: 'm', name: 'hq', revoked: false },
      enforcers: { concerned: 2, away: [away], tooOld: [] },
      ends: [{ what: 'listeners that answer nobody', count: 25, names: ['printers (80)'] }],
      wayBack: 'Never.',
    };
    const text = revocationPlanText(plan);
    for (const words of [
      'Nothing was done',
      '2 sites, 1 away',
      'kiosk: it has never',
      '25 listeners',
      'printers (80), …',
      'Never.',
    ]) {
      expect(text).toContain(words);
    }
    expect(revocationPlanText({ ...plan, revoked: true })).toContain('was revoked already');
  });

  it('of a rotation', () => {
    const plan: RotationPlan = {
      ...{ ownerKind: 'installation', backboneId: null, networkId: null, ordinal: 2, underWay: false, reconnects: 3 },
      phases: [
        { phase: 'trust', sites: { concerned: 1, away: [], tooOld: [{ ...away, name: null, detail: 'too old' }] } },
      ],
      renewed: [{ holderKind: 'service', count: 3 }],
      worthless: [{ what: 'invitations', count: 4 }],
      below: [{ ownerKind: 'backbone', id: 'b', name: 'demo' }],
      signatures: [
        { kind: 'root', issuer: 'external' },
        { kind: 'backbone', issuer: 'offline' },
      ],
    };
    const text = rotationPlanText(plan);
    for (const words of [
      ...[
        'ordinal 2. Nothing was done',
        '1 site, 1 too old',
        's: too old',
        'Renewed: 3 service',
        'again: 4 invitations',
      ],
      ...[
        'After it: backbone demo',
        'bring the next one: cert-service init --next), backbone (offline)',
        'anew 3 times',
      ],
    ]) {
      expect(text).toContain(words);
    }
    const little = {
      ...plan,
      phases: [{ phase: 'trust' as const, sites: nobody }],
      renewed: [],
      worthless: [],
      below: [],
    };
    expect(rotationPlanText({ ...little, signatures: [], reconnects: 0, underWay: true }).split('\n')).toHaveLength(3);
  });
});
