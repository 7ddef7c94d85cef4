import { describe, expect, it } from 'vitest';
import { id } from '../example.fixture.js';
import { answering } from './desired-state.fixture.js';

const siteId = id('north');
const item = { kind: 'certificate', id: 'site', purpose: 'site', ordinal: 1, hosts: [] };

describe('the desired state of a site', () => {
  it('is asked of router-config, from a position on', async () => {
    const { asked, desiredState } = answering({ revision: 9, items: [item] });
    expect(await desiredState.of('site', siteId, 7)).toEqual({ revision: 9, items: [item] });
    expect(asked).toEqual([{ subject: `caravan.desired.site.${siteId}`, request: { position: 7 } }]);
  });

  it('is refused with the code that router-config refuses with', async () => {
    const { desiredState } = answering({
      error: { code: 'site.unknown', detail: 'never heard of it', retry: 'never' },
    });
    await expect(desiredState.of('site', siteId, 0)).rejects.toMatchObject({
      code: 'site.unknown',
      details: { detail: 'never heard of it' },
    });
  });

  it('is unavailable while router-config does not answer', async () => {
    const { desiredState } = answering(new Error('no responders'));
    await expect(desiredState.of('site', siteId, 0)).rejects.toMatchObject({
      code: 'service.unavailable',
      details: { detail: expect.stringContaining('no responders') },
    });
  });

  it('is never something else than items', async () => {
    const strange = answering({ revision: 9, items: [{ kind: 'backdoor', id: 'x' }] });
    await expect(strange.desiredState.of('site', siteId, 0)).rejects.toThrow();
  });
});
