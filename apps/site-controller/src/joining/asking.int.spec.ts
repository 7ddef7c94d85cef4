import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { refusal } from '../management-plane.fixture.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { NETWORK_ID, SITE_ID } from '../site.fixture.js';
import { readAnswers } from './answers.js';

const answers = { name: 'paris', details: { contact: 'Ada', floor: 2, open: true } };

describe('a site whose invitation asks', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });

  it('waits to be approved, says so, and claims with the same answers after a restart without them', async () => {
    const admit = plane.join;
    plane.join = () => ({ status: 'pending', siteId: SITE_ID, retryAfterMs: 20, awaits: 'approval' });
    const dir = sites.directory();
    const first = await sites.start(dir, sites.invitation(), { answers });
    await eventually('more than 2 questions', () => plane.asked.length > 2);
    expect(first.controller.state.journal.joining?.status).toBe('key-made'); // and not as good as admitted
    expect(first.controller.troubles.list()).toContainEqual(
      expect.objectContaining({ code: 'claim.awaits-approval', detail: expect.stringContaining('retail') }),
    );
    await first.stop();
    const again = await sites.start(dir, sites.invitation());
    plane.join = admit;
    await again.run;
    expect(again.controller.troubles.list().map(({ code }) => code)).not.toContain('claim.awaits-approval');
    for (const question of plane.asked) expect(question).toMatchObject(answers);
    expect(again.controller.state.journal.joining).not.toHaveProperty('site.answers');
  });

  it('is asked anew when it is started with its file after a refusal', async () => {
    const admit = plane.join;
    plane.join = () => refusal('invitation.site-name-taken', 'never');
    const dir = sites.directory();
    await (
      await sites.start(dir, sites.invitation(), { answers })
    ).run;
    plane.join = admit;
    await (
      await sites.start(dir, sites.invitation(), { answers: { name: 'rome' } })
    ).run;
    expect(plane.asked.map(({ name }) => name)).toEqual(['paris', 'rome']);
  });
});

describe('what its environment says of it', () => {
  it('is a name and details, or nothing', () => {
    expect(readAnswers(undefined)).toBeUndefined();
    expect(readAnswers(JSON.stringify(answers))).toEqual(answers);
    for (const text of ['x', '[]', '{"name":"Not A Name"}', '{"details":{"a":null}}', '{"role":"admin"}'])
      expect(() => readAnswers(text)).toThrow('SITE_ANSWERS');
  });
});
