import type { RevocationPlan } from '@caravan/api';
import type { RevocationTarget } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { FindOptionsWhere } from 'typeorm';
import { phasesOf } from '../certificates/certificate-phases.js';
import { BREAKS_WITHOUT } from '../certificates/what-breaks.js';
import type { Directory } from '../directory/directory.js';
import { accessPointsOf, membersOnlyBy } from '../directory/who.js';
import type { ReadModel, ReadModelRow } from '../read-models/read-model.js';
import type { ReadModels } from '../read-models/read-models.js';

type Ends = RevocationPlan['ends'];

const MOST_NAMES = 20;
const SUPERSEDED =
  'Nothing that its holder needs, who has a newer one: nobody comes in by a copy of this one any more.';

/** How many there are of a list, and what the first of them are called. */
async function some<Row extends ReadModelRow>(
  what: string,
  model: ReadModel<Row>,
  where: FindOptionsWhere<Row>,
  nameOf: (row: Row) => string,
): Promise<Ends[number]> {
  const [count, { items }] = await Promise.all([model.count(where), model.page(where, { limit: MOST_NAMES })]);
  return { what, count, names: items.map(nameOf) };
}

async function cutOff(memberIds: readonly string[], { members }: ReadModels): Promise<Ends[number]> {
  const first = await Promise.all(memberIds.slice(0, MOST_NAMES).map((id) => members.find({ id })));
  const names = first.map((row, index) => row?.name ?? memberIds[index]!);
  return {
    what: 'members that have no other way in, with all that they offer and use',
    count: memberIds.length,
    names,
  };
}

const endpoint = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address} (${port})`;
const named = ({ name }: { readonly name: string }): string => name;

/** What ends when it is revoked, by the lists, and who has no other way in; what there is none of is left out. */
export async function whatEnds(
  target: RevocationTarget,
  name: string,
  { models, directory, now }: { readonly models: ReadModels; readonly directory: Directory; readonly now: Date },
): Promise<Ends> {
  const { members, listeners, connectors, invitations, accessPoints, links } = models;
  const all = async (...found: Promise<Ends[number]>[]): Promise<Ends> =>
    (await Promise.all(found)).filter(({ count }) => count > 0);
  switch (target.kind) {
    case 'certificate': {
      const row = await models.certificates.find({ id: target.certificateId });
      const isSuperseded = row && (await phasesOf([row], models, now)).get(row.id) === 'superseded';
      return [{ what: isSuperseded ? SUPERSEDED : BREAKS_WITHOUT[target.holder.kind], count: 1, names: [name] }];
    }
    case 'member': {
      const { memberId } = target;
      return all(
        some('members', members, { id: memberId }, named),
        some('listeners that answer nobody', listeners, { memberId }, endpoint),
        some('connectors that nobody reaches', connectors, { memberId }, endpoint),
      );
    }
    case 'network': {
      const { networkId } = target;
      return all(
        some('networks', models.networks, { id: networkId }, named),
        some('members', members, { networkId }, named),
        some('invitations', invitations, { networkId }, named),
        some('listeners', listeners, { networkId }, endpoint),
        some('connectors', connectors, { networkId }, endpoint),
      );
    }
    case 'backbone-site': {
      const { siteId } = target;
      return all(
        some('backbone sites', models.backboneSites, { id: siteId }, named),
        some('access points', accessPoints, { siteId }, named),
        some('links that it dials', links, { siteId }, ({ id }) => id),
        some('links that are dialled to it', links, { acceptingSiteId: siteId }, ({ id }) => id),
        cutOff(membersOnlyBy(directory, accessPointsOf(directory, siteId)), models),
      );
    }
    default:
      return assertNever(target);
  }
}

/** How whoever lost it comes back. */
export const WAY_BACK: Readonly<Record<RevocationTarget['kind'], string>> = {
  certificate:
    'Its holder stays with another one: have it renewed first, with caravan rotate certificate. Without one it joins anew.',
  member: 'Never as this member. The site joins anew by an invitation, and is another one.',
  network: 'Never. Create another network, and invite anew.',
  'backbone-site': 'Never as this site. Create another one, and set it up with its bundle.',
};
