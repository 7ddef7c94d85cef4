import { describe, expect, it } from 'vitest';
import type { Part, Status } from '@caravan/api';
import { headline, statusText } from './status-text.js';

const fine = { status: 'ok', detail: 'fine', since: null, remedy: null, code: null } as const;
const part = (name: string, more: Partial<Part> = {}): Part => ({
  service: 'management-controller',
  name,
  ...fine,
  ...more,
});
const status = (more: Partial<Status> = {}): Status => ({
  installation: 'demo',
  version: '0.1.0',
  status: 'ok',
  at: '2026-11-20T12:00:00.000Z',
  parts: [part('nats'), part('postgres')],
  logEnd: 120,
  followers: [
    { service: 'router-config', name: 'router-config', kind: 'fold', status: 'running', position: 120, behind: 0 },
  ],
  counts: { members: 2 },
  ...more,
});
const since = '2026-11-20T11:59:00.000Z';
const halted = part('read models', {
  status: 'degraded',
  detail: 'halted before position 7',
  since,
  code: 'log.undecodable',
});
const away = part('cert-service', { status: 'away', detail: 'does not answer', since, remedy: 'start it' });

describe('the status of an installation, for people', () => {
  it('is short while all is well', () => {
    expect(headline(status())).toBe('well');
    expect(statusText(status(), 'http://x')).not.toContain('Wrong');
  });

  it('says what is wrong first, the worst before the rest, since when, and what to do', () => {
    const text = statusText(status({ status: 'degraded', parts: [part('nats'), halted, away] }), 'http://x');
    const [first, , wrong] = text.split('\n');
    expect(first).toBe(
      'Installation demo 0.1.0 at http://x: degraded: cert-service is away (management-controller), ' +
        'read models is degraded (management-controller)',
    );
    expect(wrong).toBe('Wrong:');
    expect(text).toContain(
      [
        '  cert-service, seen by management-controller: away since 2026-11-20 11:59:00Z',
        '    does not answer',
        '    try: start it',
        '  read models, seen by management-controller: degraded since 2026-11-20 11:59:00Z [log.undecodable]',
        '    halted before position 7',
      ].join('\n'),
    );
  });

  it('does not say of a service that nobody could ask that it is well or ill', () => {
    const code = 'service.not-known';
    const unknown = part('cert-service', { status: 'degraded', detail: 'NATS does not answer', since, code });
    const told = status({ status: 'degraded', parts: [unknown] });
    expect(headline(told)).toBe('degraded: cert-service is not known (management-controller)');
    expect(statusText(told, 'http://x')).toContain(
      'seen by management-controller: not known since 2026-11-20 11:59:00Z',
    );
  });

  it('says what is not known', () => {
    const text = statusText(status({ logEnd: null, counts: null }), 'http://x');
    expect(text).toContain('Log, whose end is not known now:');
    expect(text).toContain('not known while the lists cannot be read');
  });
});
