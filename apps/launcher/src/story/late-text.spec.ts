import { describe, expect, it } from 'vitest';
import { lateText } from './local-site.js';

const about = { dir: '/sites/east', goal: 'connected to the management plane', log: '/logs/site-east.log' };
const trouble = { code: 'management.away', detail: 'Authorization Violation', since: '2026-11-21T07:46:26Z' };

describe('a site that does not get there', () => {
  it('is told in a sentence, with its reason and what the installation says is wrong', () => {
    const installation = '  log witness, seen by cert-service: degraded [log.diverged]';
    expect(lateText({ ...about, state: { troubles: [trouble] }, installation })).toBe(
      [
        'After 60 s the site in /sites/east is not connected to the management plane: Authorization Violation [management.away].',
        'The installation says:',
        installation,
        'Its log: /logs/site-east.log; npm start goes on where this start ended.',
      ].join('\n'),
    );
  });

  it('is told also when nobody says why', () => {
    expect(lateText({ ...about, state: { troubles: [] }, installation: '' })).toMatch(/does not say why.*all is well/s);
    expect(lateText({ ...about, state: undefined, installation: '' })).toContain('its local API does not answer');
  });
});
