import type { Desk } from './desk.fixture.js';
import { demand } from './demands.fixture.js';

export function namesAreUnique({ world }: Desk): void {
  const once = (what: string, names: readonly string[]): void =>
    demand(new Set(names).size === names.length, `${what} are unique`, names);
  const living = [...world.backbones].filter(([, { gone }]) => !gone);
  once(
    'names of backbones',
    living.map(([, { name }]) => name),
  );
  for (const [id, { name }] of living)
    demand(world.names.get(name)?.holder === id, 'a backbone has its name reserved', { id, name });
  once(
    'names of sites',
    [...world.sites.values()].map(({ backbone, name }) => `${backbone} ${name}`),
  );
  once(
    'names of networks',
    [...world.placed.values()].map(({ backbone, name }) => `${backbone} ${name}`),
  );
  once(
    'names of invitations',
    [...world.listed.values()].map(({ networkId, name }) => `${networkId} ${name}`),
  );
  const members = [...world.members.values()].filter(({ gone }) => !gone);
  once(
    'names of members',
    members.map(({ network, name }) => `${network} ${name}`),
  );
}
