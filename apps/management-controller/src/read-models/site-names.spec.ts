import { expect, it } from 'vitest';
import { site } from '../backbones/backbone.fixture.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { admitted, memberId } from '../members/member.fixture.js';
import { readModelsOf } from './rows.fixture.js';
import { withNames } from './site-names.js';

it('a site that is shown has its name, whatever kind of site it is, and is shown without it once it is gone', async () => {
  const directory = new Directory();
  directory.managementSites.set(id('here'), 'management');
  const models = readModelsOf(site('north'), admitted);
  const sites = [id('north'), memberId, id('here'), id('gone')].map((siteId) => ({ siteId, at: 'then' }));
  const named = await withNames(sites, { models, directory });
  expect(named.map(({ name }) => name)).toEqual(['north', 'store-1', 'management', null]);
  expect(named[0]).toEqual({ siteId: id('north'), name: 'north', at: 'then' });
  expect(await withNames([], { models, directory })).toEqual([]);
});
