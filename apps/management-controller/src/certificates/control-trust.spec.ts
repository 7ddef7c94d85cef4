import { describe, expect, it } from 'vitest';
import { RotationAdvanced, RotationBegun, RotationFinished } from '@caravan/events';
import type { Event } from '@caravan/events';
import { id } from '../example.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { established, pem } from './certificate.fixture.js';
import { controlTrust } from './control-trust.js';

describe('how a site knows the management plane', () => {
  it('is by its name, under the management authority and nothing above it', async () => {
    expect(await controlTrust(readModelsOf(established('root'), established('management')))).toEqual({
      serverName: 'caravan.control',
      trust: [pem('management')],
    });
  });

  it('is by both while one replaces the other, and by the new one from then on', async () => {
    const of = { ownerId: id('installation'), rotationId: id('rotation') };
    const owner = { kind: 'installation' } as const;
    const seen = { confirmed: 1, without: 0, withoutSites: [] };
    const both = [
      established('management'),
      established('management', {}, 2),
      RotationBegun({ ...of, owner, ordinal: 2, cause: 'requested', patienceSeconds: null }),
    ];
    const trusted = async (...events: Event[]) => (await controlTrust(readModelsOf(...both, ...events))).trust.length;
    const to = (phase: 'diallers' | 'retire') => RotationAdvanced({ ...of, owner, ordinal: 2, phase, ...seen });
    expect(await trusted()).toBe(2);
    expect(await trusted(to('diallers'))).toBe(2);
    expect(await trusted(to('diallers'), to('retire'))).toBe(1);
    expect(await trusted(to('retire'), RotationFinished({ ...of, ordinal: 2, ...seen }))).toBe(1);
  });

  it('is not to be had before a root is established', async () => {
    await expect(controlTrust(readModelsOf())).rejects.toMatchObject({ code: 'root.awaiting-root' });
  });
});
