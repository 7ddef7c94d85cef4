import { describe, expect, it } from 'vitest';
import { keyOf } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import {
  AccessPointRemoved,
  BackboneRenamed,
  BackboneSiteRemoved,
  BackboneSiteRenamed,
  InvitationRevoked,
  LinkCostChanged,
  LinkRemoved,
  ManagementSiteMoved,
  NetworkWithdrawn,
} from '@caravan/events';
import fc from 'fast-check';
import { compile } from '../compiling/index.js';
import {
  accessPoint,
  addressed,
  connector,
  example,
  invitation,
  link,
  listener,
  member,
  memberRemoved,
  network,
  site,
} from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { daysLater, id, INSTALLATION } from '../names.fixture.js';
import { authority, due, rotated } from '../trust-events.fixture.js';
import { anyLog, everySite } from '../random-log.fixture.js';
import { emptyModel, evolve } from './index.js';
import type { LogEvent } from './index.js';

const demo = id('demo');
const names = ['north', 'south', 'hq', 'agency', 'management'];

/** Names of the sites that the last of the events affects. */
function affected(event: LogEvent, ...before: LogEvent[]): string[] {
  const sites = new Folded([...example, ...before]).take(event);
  return names.filter((name) => sites.delete(id(name))).concat([...sites]);
}

describe('an event affects', () => {
  const cases: [string, LogEvent, string[]][] = [
    ['nobody: a site without anything', site('east'), []],
    ['nobody: another name', BackboneSiteRenamed({ backboneId: demo, siteId: id('north'), name: 'n' }), []],
    ['nobody: another name of the backbone', BackboneRenamed({ backboneId: demo, name: 'd' }), []],
    ['nobody: a network without authorities', network('late'), []],
    ['nobody: an invitation', invitation('desk', 'retail', ['north']), []],
    ['nobody: a root', authority('root', 'all', 2), []],
    ['nobody: the parent of a network', authority('network', 'retail', 2), []],
    ['nobody: the authority of nothing that exists', authority('claim', 'nowhere', 2), []],
    ['the sites with claim doors: a claim authority', authority('claim', 'retail', 2), ['north']],
    ['the sites with member doors: a member authority', authority('member', 'retail', 2), ['north', 'south']],
    ['everybody on the backbone: its authority', authority('infrastructure', 'demo', 2), names],
    ['its site: an access point that nobody can dial', accessPoint('south', 'claim'), ['south']],
    [
      'its site and the management plane: an access point to manage it by',
      accessPoint('south', 'manage', { host: 's', port: 1 }),
      ['south', 'management'],
    ],
    ['its site and who dials it: another host', addressed('north', 'peer', 'n', 7003), ['north', 'south']],
    ['who dials it: another port', addressed('north', 'member', 'north.example', 1), ['hq']],
    ['nobody: the same address again', addressed('north', 'peer', 'north.example', 7003), []],
    [
      'its site and who dialled it: no access point any more',
      AccessPointRemoved({ backboneId: demo, siteId: id('south'), accessPointId: id('south member') }),
      ['south', 'hq', 'agency'],
    ],
    ['nobody: a link that is there', link('south', 'north', 4), []],
    [
      'the site that dials: a cost',
      LinkCostChanged({ backboneId: demo, linkId: id('south-north'), cost: 9 }),
      ['south'],
    ],
    ['nobody: the same cost', LinkCostChanged({ backboneId: demo, linkId: id('south-north'), cost: 3 }), []],
    ['the site that dialled: no link', LinkRemoved({ backboneId: demo, linkId: id('south-north') }), ['south']],
    [
      'it and its peers: a site that is gone',
      BackboneSiteRemoved({ backboneId: demo, siteId: id('south') }),
      ['north', 'south', 'hq', 'agency'],
    ],
    ['that member alone: another certificate', due.member('hq', 2), ['hq']],
    ['that site alone: another certificate', due.site('south', 2), ['south']],
    ['that site alone: another certificate of an access point', due.accessPoint('south', 'member', 2), ['south']],
    ['the management plane: another certificate to dial with', due.manageLink(2), ['management']],
    ['nobody: a certificate that is wanted already', due.accessPoint('south', 'member', 1), []],
    ['nobody: certificates of access points for a network', rotated('network', 'retail', 'listeners'), []],
    ['its members: certificates of a network', rotated('network', 'retail', 'diallers'), ['hq']],
    ['the sites with its doors: an authority that retires', rotated('network', 'retail', 'retire'), ['north', 'south']],
    ['sites with access points: their certificates', rotated('backbone', 'demo', 'listeners'), ['north', 'south']],
    [
      'sites and the management plane: their certificates',
      rotated('backbone', 'demo', 'diallers'),
      ['north', 'south', 'management'],
    ],
    ['everybody on the backbone: its authority retires', rotated('backbone', 'demo', 'retire'), names],
    ['nobody: a rotation of nothing that exists', rotated('network', 'nowhere', 'retire'), []],
    ['nobody: a revoked invitation', InvitationRevoked({ invitationId: id('store') }), []],
    ['that member alone: an admission', member('branch', 'retail', ['north']), [id('branch')]],
    ['it and the sites with member doors: a removal', memberRemoved('hq', 'retail'), ['north', 'south', 'hq']],
    ['that member alone: a listener', listener('hq', 'retail', 'till'), ['hq']],
    ['that member alone: a connector', connector('agency', 'travel', 'desk'), ['agency']],
    [
      'its doors and its members: a network that ends',
      NetworkWithdrawn({ backboneId: demo, networkId: id('travel') }),
      ['north', 'south', 'agency'],
    ],
    [
      'the management plane: another place of its server',
      ManagementSiteMoved({ siteId: id('management'), controlHost: 'n', controlPort: 1 }),
      ['management'],
    ],
  ];

  it.each(cases)('%s', (_, event, sites) => {
    expect(affected(event)).toEqual(sites);
  });

  it('the site that dials: a link', () => {
    expect(affected(link('east', 'north'), site('east'))).toEqual([id('east')]);
  });

  it('nobody a second time', () => {
    expect(affected(memberRemoved('hq', 'retail'), memberRemoved('hq', 'retail'))).toEqual([]);
    const revoked = InvitationRevoked({ invitationId: id('store') });
    expect(affected(revoked, revoked)).toEqual([]);
  });

  it('no item but those that it names, of whatever site', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const model = emptyModel(INSTALLATION);
        const compiled = () => everySite.map((siteId) => byKey(compile(model, siteId)));
        let before = compiled();
        for (const [day, event] of log.entries()) {
          const named = evolve(model, event, daysLater(day));
          const after = compiled();
          for (const [index, siteId] of everySite.entries()) {
            if (model.sites.get(siteId)?.kind === 'removed') continue;
            const others = (items: Map<string, Item>) =>
              [...items].filter(([key]) => !named.itemsOf(siteId).has(key as never));
            expect(new Map(others(after[index]!))).toEqual(new Map(others(before[index]!)));
          }
          before = after;
        }
      }),
      { numRuns: 60 },
    );
  });
});

const byKey = (items: readonly Item[]) => new Map(items.map((item) => [keyOf(item) as string, item]));
