import { describe, expect, it } from 'vitest';
import { configurationSchema } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';
import { NOTHING_SUPPLIED as nothing } from '../supplied/index.js';
import type { Supplied } from '../supplied/index.js';
import { accessPoint, holding, link, nobody, PEM } from './configuration.fixture.js';
import { configurationOf } from './configuration.js';

describe('a link for which a certificate is supplied', () => {
  const supply = (fingerprint: string): Supplied['links'] =>
    new Map([
      [
        'l',
        {
          ...{ certificate: { chain: [PEM], key: new Secret('theirs') }, fingerprint },
          told: { linkId: 'l', certificate: PEM, proof: '' },
        },
      ],
    ]);
  const compiled = (supplied: string, known?: string) =>
    configurationOf({
      ...{ siteId: 's', items: [{ ...link('l', 'site'), ...(known !== undefined && { suppliedFingerprint: known }) }] },
      ...{ held: holding('site'), ports: new Map(), shut: nobody, supplied: { ...nothing, links: supply(supplied) } },
    });
  const [mine, other] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];

  it('is shown it once it is known at the other end, before the site’s own', () => {
    const { links, certificates } = compiled(mine, mine);
    expect(links).toMatchObject([{ certificateId: 'site', suppliedId: 'supplied.client.link-l' }]);
    expect(Object.keys(certificates)).toEqual(['site', 'supplied.client.link-l']);
    expect(configurationSchema.safeParse(compiled(mine, mine)).success).toBe(true);
  });

  it.each([undefined, other])('is shown the site’s own while that is not so: %s', (known) => {
    const { links, certificates } = compiled(mine, known);
    expect([links[0]?.suppliedId, Object.keys(certificates)]).toEqual([undefined, ['site']]);
  });
});

describe('an access point whose operator supplies its certificate', () => {
  const wanted = (ordinal: number): Item => ({
    ...{ kind: 'certificate', id: 'ap-p', purpose: 'access-point', ordinal, hosts: ['p.example'] },
  });
  const compiled = (ordinal: number, ...held: string[]) =>
    configurationOf({
      ...{ siteId: 's', items: [accessPoint('p', 'peer'), accessPoint('q', 'member'), wanted(ordinal)] },
      ...{ held: holding(...held), ports: new Map(), shut: nobody },
      supplied: {
        ...nothing,
        siteServer: {
          certificate: { chain: [PEM], key: new Secret('theirs') },
          trust: [PEM],
          inPlaceOf: new Set(['ap-p']),
        },
      },
    });
  const shown = { suppliedId: 'supplied.server.site-server' };

  it('shows that, where it is for its host', () => {
    const { accessPoints, certificates } = compiled(1);
    expect(accessPoints).toEqual([{ ...accessPoint('p', 'peer'), ...shown }, accessPoint('q', 'member')]);
    expect(certificates).toEqual({ [shown.suppliedId]: { chain: PEM, key: 'theirs' } });
  });

  it('shows what was issued to whoever knows of nothing else, until another is due', () => {
    expect(Object.keys(compiled(1, 'ap-p', 'ap-q').certificates)).toContain('ap-p');
    expect(Object.keys(compiled(2, 'ap-p', 'ap-q').certificates)).toEqual(['ap-q', shown.suppliedId]);
  });
});
