import { listConnectors, listInvitations, listListeners, listMembers } from '@caravan/api';
import type { Stage } from '../stage.js';
import type { Visit } from '../visit.js';

/** Where the lists of the API show something else than what was said yes to, in words. */
export async function wrongLists(stage: Stage, visit: Visit): Promise<string[]> {
  const { managementApi, asking, network, serverSite } = stage;
  const { invitationId, memberId, connectorId, own, standing, removed } = visit;
  const params = { networkId: network.id };
  const idsOf = async (listed: Promise<{ items: readonly { id: string }[] }>) =>
    (await listed).items.map(({ id }) => id);
  const page = { limit: 500 };
  const [invitations, members, connectors] = await Promise.all([
    idsOf(asking.read(managementApi, listInvitations, { params, query: page })),
    idsOf(asking.read(managementApi, listMembers, { params, query: page })),
    idsOf(asking.read(managementApi, listConnectors, { params: { ...params, memberId: serverSite.id }, query: page })),
  ]);
  const isMember = memberId !== '' && !removed;
  const listeners = isMember
    ? await idsOf(asking.read(managementApi, listListeners, { params: { ...params, memberId }, query: page }))
    : [];
  const shall: readonly [what: string, id: string | undefined, ids: readonly string[], isThere: boolean][] = [
    ['invitation', invitationId, invitations, true],
    ['member', memberId, members, isMember],
    ['connector', connectorId, connectors, own?.leads === true],
    ['listener', own?.id, listeners, isMember && own?.leads === true],
    ['listener', standing?.id, listeners, isMember && standing?.leads === true],
  ];
  return shall
    .filter(([, id, ids, isThere]) => id && ids.filter((each) => each === id).length !== Number(isThere))
    .map(([what, id, , isThere]) => `the ${what} ${id} is ${isThere ? 'not' : 'still'} in the lists`);
}
