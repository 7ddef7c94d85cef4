import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { BackboneSiteRemoved } from '@caravan/events';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';

const demo = id('demo');
const keysOf = (items: readonly { kind: string; id: string }[]) => items.map((item) => `${item.kind}/${item.id}`);

describe('the bundle of a backbone site', () => {
  it('lets the management plane in, with the certificate that it came with', () => {
    const [socket, door, ...rest] = new Folded().states.bundle(id('north'));
    expect(socket).toMatchObject({ kind: 'access-point', id: id('north manage'), certificateId: 'bootstrap' });
    expect(door).toMatchObject({ kind: 'admission', id: `manage-${demo}`, reach: { kind: 'management' } });
    expect(rest).toEqual([]);
  });

  it('dials its peers by the bootstrap door, which leads to caravan.control alone', () => {
    expect(new Folded().states.bundle(id('south'))).toEqual([
      {
        kind: 'link',
        id: id('south-north'),
        access: 'peer',
        host: 'north.example',
        port: 7003,
        serverName: serverNameOf('bootstrap', demo),
        trust: [pem('infrastructure demo 1')],
        certificateId: 'bootstrap',
        cost: 3,
        reach: { kind: 'control' },
      },
    ]);
  });

  it('admits nobody else: no peer, claim or member', () => {
    const bundle = keysOf(new Folded().states.bundle(id('north')));
    expect(bundle.filter((key) => /peer|claim|member|bootstrap/.test(key))).toEqual([]);
  });

  it('is for backbone sites that exist', () => {
    const folded = new Folded();
    folded.take(BackboneSiteRemoved({ backboneId: demo, siteId: id('south') }));
    for (const name of ['nowhere', 'hq', 'management', 'south']) {
      expect(() => folded.states.bundle(id(name))).toThrow('site.unknown');
    }
  });
});
