import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '@caravan/event-store';
import { commandMetadata } from '../../specification/index.js';
import { lost, wrongEffects } from './effects.js';
import { broken } from './invariants.js';
import { differences } from './rows.js';

let last = 0;
/** An event in the log; `of` is its stream, and its command one of its own unless it is named. */
const event = (type: string, of: string, data: object, { commandId = `command-${last + 1}`, via = 'api' } = {}) =>
  ({
    type,
    version: 1,
    data,
    stream: `caravan.evt.${of}`,
    position: ++last,
    index: 0,
    at: '2026-01-01T12:00:00.000Z',
    metadata: { ...commandMetadata({ commandId }), via },
  }) as unknown as RecordedEvent;

const issued = (instanceLimit: number | null = 1) =>
  event('InvitationIssued', 'membership.invitation.i', { invitationId: 'i', instanceLimit });
const claimed = (claimantKey: string) =>
  event('InvitationClaimed', 'membership.invitation.i', { invitationId: 'i', claimantKey, certificateId: claimantKey });
const certificate = (certificateId: string, via = 'reaction', kind = 'member') =>
  event('CertificateIssued', `trust.certificate.${certificateId}`, { certificateId, holder: { kind } }, { via });

describe('the judge of a log', () => {
  it('has nothing to say about one in which everything happened once', () => {
    const log = [
      certificate('of-the-server', 'startup'),
      issued(2),
      claimed('a'),
      certificate('a'),
      claimed('b'),
      certificate('b'),
    ];
    expect(broken(log)).toEqual([]);
    const effects = [{ of: 'the invitation', id: '"i"', events: { InvitationIssued: 1, InvitationClaimed: 2 } }];
    expect(wrongEffects(log, effects)).toEqual([]);
    expect(lost(log, [{ what: 'createInvitation', position: log[1]!.position, type: 'InvitationIssued' }])).toEqual([]);
  });

  it('sees a command that took effect twice', () => {
    const twice = ['one', 'two'].map((of) =>
      event('ListenerOpened', 'membership.member.m', { listenerId: of }, { commandId: 'the same' }),
    );
    expect(broken(twice)).toEqual([
      expect.stringContaining('the same on caravan.evt.membership.member.m took effect at'),
    ]);
    const elsewhere = event('ListenerOpened', 'membership.member.n', {}, { commandId: 'the same' });
    expect(broken([twice[0]!, elsewhere])).toEqual([]);
  });

  it('sees a certificate that was decided twice, that nobody asked for, or that is still to come', () => {
    const second = certificate('a');
    const [once, asked] = [certificate('a'), claimed('a')];
    expect(broken([issued(), asked, once, second])).toEqual([
      `caravan.evt.trust.certificate.a has a second event, CertificateIssued at ${second.position}`,
    ]);
    expect(broken([certificate('b')])).toEqual(['the certificate b of a member was decided and nobody asked for it']);
    expect(broken([certificate('of-a-service', 'reaction', 'service')])).toEqual([]);
    expect(broken([issued(), claimed('c')])).toEqual(['the certificate c was asked for and is not decided']);
  });

  it('sees an invitation that let in too many, or one key twice', () => {
    expect(broken([issued(1), claimed('a'), claimed('b'), certificate('a'), certificate('b')])).toEqual([
      'the invitation i let in 2, not 1',
    ]);
    expect(broken([issued(null), claimed('a'), claimed('a'), certificate('a')])).toEqual([
      'the invitation i was claimed twice by one key',
    ]);
  });

  it('sees what happened too often, not at all, or was never to happen', () => {
    const log = [issued(2), claimed('a'), claimed('b'), event('MemberRemoved', 'membership.member.m', { of: 'i' })];
    const events = { InvitationIssued: 1, InvitationClaimed: 1, MemberAdmitted: 1 };
    expect(wrongEffects(log, [{ of: 'the invitation', id: '"i"', events }])).toEqual([
      'the invitation ("i") has 2 InvitationClaimed, not 1',
      'the invitation ("i") has 0 MemberAdmitted, not 1',
      'the invitation ("i") has 1 MemberRemoved, not 0',
    ]);
  });

  it('sees what was acknowledged and is not there', () => {
    const log = [issued()];
    const { position } = log[0]!;
    const acknowledged = (at: number, type: string) => [{ what: 'an answer', position: at, type }];
    expect(lost(log, acknowledged(position + 1, 'InvitationIssued'))).toHaveLength(1);
    expect(lost(log, acknowledged(position, 'MemberRemoved'))).toHaveLength(1);
  });
});

describe('the judge of rows', () => {
  const rows = (...members: string[]) => new Map([['member', members]]);

  it('sees a row that changed, one that is missing and one too many', () => {
    expect(differences(rows('(1,a)', '(2,b)'), rows('(1,a)', '(2,b)'))).toEqual([]);
    expect(differences(rows('(1,a)'), rows('(1,b)'))).toEqual([
      'member: a rebuild does not make (1,a)',
      'member: a rebuild makes also (1,b)',
    ]);
    expect(differences(rows('(1,a)', '(2,b)'), rows('(1,a)'))).toHaveLength(1);
    expect(differences(rows('(1,a)'), rows('(1,a)', '(2,b)'))).toHaveLength(1);
    expect(differences(rows('(1,a)'), new Map())).toHaveLength(1);
  });
});
