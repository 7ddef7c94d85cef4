import { describe, expect, it } from 'vitest';
import type { AuthorityIssuer } from '@caravan/events';
import { issuerChoices, issuerOf, NO_BACKBONES } from './choice.js';
import type { IssuerChoices } from './choice.js';

const read = (text: string) => issuerChoices().safeParse(text);

describe('who signs which authorities', () => {
  it('is one for all, or one for each that is named', () => {
    expect(read('offline').data).toEqual({ management: 'offline', backbone: 'offline', network: 'offline' });
    expect(read('backbone=offline, network=cert-manager').data).toEqual({
      backbone: 'offline',
      network: 'cert-manager',
    });
    expect(read('cert-manager').data).toEqual({ backbone: 'cert-manager', network: 'cert-manager' });
    expect(issuerChoices().safeParse(undefined).data).toBeUndefined();
  });

  it.each(['somebody', 'claim=offline', 'backbone=', 'backbone=offline,network', 'management=cert-manager'])(
    'is refused in words: %s',
    (text) => {
      expect(read(text).error?.issues[0]?.message).toMatch(
        /is not <authority>=<issuer>: management, backbone, network/,
      );
    },
  );

  const choose = (own: AuthorityIssuer | null, installation: IssuerChoices = {}) =>
    issuerOf('backbone', 'demo', {
      installation,
      backbones: { of: () => Promise.resolve({ backbone: own, network: null }) },
    });

  it('is as the backbone has it, else as the installation does, else the authority above', async () => {
    expect(await choose('internal', { backbone: 'offline' })).toBe('internal');
    expect(await choose(null, { backbone: 'offline' })).toBe('offline');
    expect(await choose(null, { network: 'offline' })).toBe('internal');
    const nobody = { installation: { management: 'offline' }, backbones: NO_BACKBONES } as const;
    expect(await issuerOf('management', undefined, nobody)).toBe('offline');
    expect(await issuerOf('network', 'demo', nobody)).toBe('internal');
  });
});
