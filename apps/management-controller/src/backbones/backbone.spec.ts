import { describe, it } from 'vitest';
import { BackboneRenamed, NetworkPlaced, NetworkWithdrawn } from '@caravan/events';
import { id } from '../example.fixture.js';
import {
  about,
  accessPoint,
  accessPointRemoved,
  backboneId,
  created,
  deleted,
  given,
  link,
  linkRemoved,
  networkData,
  placed,
  site,
  siteRemoved,
} from './backbone.fixture.js';

const create = { type: 'CreateBackbone', name: 'demo', ...about } as const;
const rename = (name: string) => ({ type: 'RenameBackbone', name, ...about }) as const;
const remove = { type: 'DeleteBackbone', ...about } as const;
const place = (name: string, changes: { networkId?: string; startsAt?: string; endsAt?: string | null } = {}) =>
  ({ type: 'PlaceNetwork', ...networkData(name), ...changes, ...about }) as const;
const withdraw = (name: string) => ({ type: 'WithdrawNetwork', networkId: id(name), ...about }) as const;
const withdrawn = (name: string) => NetworkWithdrawn({ backboneId, networkId: id(name) });

describe('a backbone', () => {
  it('is created once, and never again after it was deleted', () => {
    given().when(create).then(created);
    given(created).when(create).thenNothing();
    given(created, deleted).when(create).thenNothing();
  });

  it('is renamed, and not to what it is called already', () => {
    given(created)
      .when(rename('prod'))
      .then(BackboneRenamed({ backboneId, name: 'prod' }));
    given(created).when(rename('demo')).thenNothing();
    given(created, BackboneRenamed({ backboneId, name: 'prod' }))
      .when(rename('prod'))
      .thenNothing();
  });

  it('is not renamed by who reserved the name before another renamed it', () => {
    const late = (name: string, renamings: number) => ({ ...rename(name), renamings });
    const renamed = BackboneRenamed({ backboneId, name: 'prod' });
    given(created).when(late('prod', 0)).then(renamed);
    given(created, renamed).when(late('test', 0)).thenRejects('backbone.renamed-meanwhile', { name: 'prod' });
    given(created, renamed)
      .when(late('test', 1))
      .then(BackboneRenamed({ backboneId, name: 'test' }));
    given(created, renamed).when(late('prod', 0)).thenNothing();
  });

  it('is deleted when it is empty', () => {
    given(created).when(remove).then(deleted);
    given(created, site('north'), siteRemoved('north'), placed('retail'), withdrawn('retail'))
      .when(remove)
      .then(deleted);
  });

  it('is not deleted while anything stands on it, and says what', () => {
    given(created, site('north')).when(remove).thenRejects('backbone.has-sites', { sites: 1 });
    given(created, placed('retail')).when(remove).thenRejects('backbone.has-networks', { networks: 1 });
    given(created, site('north'), placed('retail')).when(remove).thenRejects('backbone.has-networks');
  });

  it('is taken down from the outside in, and in no other order', () => {
    const built = [created, site('north'), site('south'), accessPoint('north/in'), link('south', 'north/in')];
    const removeSite = (name: string) => ({ type: 'RemoveSite', siteId: id(name), ...about }) as const;
    const removeAccessPoint = { type: 'RemoveAccessPoint', accessPointId: id('north/in'), ...about } as const;
    given(...built)
      .when(remove)
      .thenRejects('backbone.has-sites');
    given(...built)
      .when(removeSite('north'))
      .thenRejects('backbone-site.has-links');
    given(...built)
      .when(removeSite('south'))
      .thenRejects('backbone-site.has-links');
    given(...built)
      .when(removeAccessPoint)
      .thenRejects('access-point.has-links');

    const unlinked = [...built, linkRemoved('south', 'north/in')];
    given(...unlinked)
      .when(removeSite('north'))
      .thenRejects('backbone-site.has-access-points');
    given(...unlinked)
      .when(removeSite('south'))
      .then(siteRemoved('south'));
    given(...unlinked)
      .when(removeAccessPoint)
      .then(accessPointRemoved('north/in'));
  });

  it('does not exist before it was created, nor after it was deleted', () => {
    const commands = [
      rename('prod'),
      remove,
      place('retail'),
      { type: 'AddSite', siteId: id('north'), name: 'north', ...about },
      { type: 'RemoveLink', linkId: id('link'), ...about },
    ] as const;
    for (const command of commands) {
      given().when(command).thenRejects('backbone.unknown', { backboneId });
      given(created, deleted).when(command).thenRejects('backbone.unknown', { backboneId });
    }
  });
});

describe('a network on a backbone', () => {
  it('is placed once', () => {
    given(created).when(place('retail')).then(placed('retail'));
    given(created, placed('retail')).when(place('retail')).thenNothing();
  });

  it('has a name that no other on this backbone has, until it is withdrawn', () => {
    const another = { networkId: id('another retail') };
    given(created, placed('retail'))
      .when(place('retail', another))
      .thenRejects('network.name-taken', { name: 'retail' });
    given(created, placed('retail'), withdrawn('retail'))
      .when(place('retail', another))
      .then(NetworkPlaced({ backboneId, ...networkData('retail'), ...another }));
  });

  it('does not end before it starts, nor at that moment', () => {
    const startsAt = '2026-01-01T00:00:00.000Z';
    for (const endsAt of ['2025-12-31T23:59:59.999Z', startsAt]) {
      given(created)
        .when(place('retail', { startsAt, endsAt }))
        .thenRejects('network.ends-before-it-starts', { startsAt, endsAt });
    }
    const window = { startsAt, endsAt: '2026-01-01T00:00:00.001Z' };
    given(created)
      .when(place('retail', window))
      .then(NetworkPlaced({ backboneId, ...networkData('retail'), ...window }));
  });

  it('is withdrawn once; a second time, and after the backbone is gone, there is nothing to do', () => {
    given(created, placed('retail')).when(withdraw('retail')).then(withdrawn('retail'));
    given(created, placed('retail'), withdrawn('retail')).when(withdraw('retail')).thenNothing();
    given(created, deleted).when(withdraw('retail')).thenNothing();
    given().when(withdraw('retail')).thenNothing();
  });
});
