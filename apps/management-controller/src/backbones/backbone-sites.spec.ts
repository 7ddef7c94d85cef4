import { describe, it } from 'vitest';
import { BackboneSiteAdded, BackboneSiteRenamed } from '@caravan/events';
import { id } from '../example.fixture.js';
import {
  about,
  accessPoint,
  accessPointRemoved,
  backboneId,
  created,
  given,
  link,
  linkRemoved,
  site,
  siteRemoved,
} from './backbone.fixture.js';

const add = (name: string, siteId = id(name)) => ({ type: 'AddSite', siteId, name, ...about }) as const;
const rename = (site: string, name: string) => ({ type: 'RenameSite', siteId: id(site), name, ...about }) as const;
const renamed = (site: string, name: string) => BackboneSiteRenamed({ backboneId, siteId: id(site), name });
const remove = (name: string) => ({ type: 'RemoveSite', siteId: id(name), ...about }) as const;

describe('a backbone site', () => {
  it('is added once', () => {
    given(created).when(add('north')).then(site('north'));
    given(created, site('north')).when(add('north')).thenNothing();
  });

  it('has a name that no other site of the backbone has', () => {
    const other = id('another north');
    given(created, site('north')).when(add('north', other)).thenRejects('backbone-site.name-taken', { name: 'north' });
    given(created, site('north'), site('south')).when(rename('south', 'north')).thenRejects('backbone-site.name-taken');
  });

  it('leaves its name to others when it is renamed or removed', () => {
    const other = id('another north');
    const taken = BackboneSiteAdded({ backboneId, siteId: other, name: 'north' });
    given(created, site('north'), renamed('north', 'old')).when(add('north', other)).then(taken);
    given(created, site('north'), siteRemoved('north')).when(add('north', other)).then(taken);
  });

  it('is renamed, and not to what it is called already', () => {
    given(created, site('north')).when(rename('north', 'far')).then(renamed('north', 'far'));
    given(created, site('north')).when(rename('north', 'north')).thenNothing();
  });

  it('is not removed while a link ends at it, whoever dials', () => {
    const built = [created, site('north'), site('south'), accessPoint('north/in'), link('south', 'north/in')];
    given(...built)
      .when(remove('south'))
      .thenRejects('backbone-site.has-links', { siteId: id('south') });
    given(...built)
      .when(remove('north'))
      .thenRejects('backbone-site.has-links', { siteId: id('north') });
    given(...built, linkRemoved('south', 'north/in'))
      .when(remove('south'))
      .then(siteRemoved('south'));
  });

  it('is not removed while it has access points', () => {
    const built = [created, site('north'), accessPoint('north/in')];
    given(...built)
      .when(remove('north'))
      .thenRejects('backbone-site.has-access-points', { siteId: id('north') });
    given(...built, accessPointRemoved('north/in'))
      .when(remove('north'))
      .then(siteRemoved('north'));
  });

  it('is expelled with its access points and every link of it, and others keep theirs', () => {
    const expel = { type: 'ExpelSite', siteId: id('north'), ...about } as const;
    const sites = ['north', 'south', 'west'].map(site);
    const accessPoints = [accessPoint('north/in'), accessPoint('west/in')];
    const links = [link('south', 'north/in'), link('north', 'west/in'), link('south', 'west/in')];
    given(created, ...sites, ...accessPoints, ...links)
      .when(expel)
      .then(
        linkRemoved('south', 'north/in'),
        linkRemoved('north', 'west/in'),
        accessPointRemoved('north/in'),
        siteRemoved('north'),
      );
    given(created).when(expel).thenNothing();
  });

  it('is unknown to a backbone that it is not on', () => {
    given(created)
      .when(rename('north', 'far'))
      .thenRejects('backbone-site.unknown', { siteId: id('north') });
    given(created)
      .when(remove('north'))
      .thenRejects('backbone-site.unknown', { siteId: id('north') });
    given(created, site('north'), siteRemoved('north')).when(remove('north')).thenRejects('backbone-site.unknown');
  });
});
