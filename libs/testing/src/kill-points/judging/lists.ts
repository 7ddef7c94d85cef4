import { listConnectors, listInvitations, listListeners, listMembers } from '@caravan/api';
import type { Stage } from '../stage.js';
import type { Visit } from '../visit.js';

/** Where the lists of the API show something else than what was said yes to, in words. */
export async function wrongLists(stage: Stage, visit: Visit): Promise<string[]> {
  const { managementApi, asking, network, serverSite } = stage;
  const { invitationId, memberId, connectorId, own, standing, removed } = visit;
  const params = { networkId: network.id };
  const [invitations, members, connectors] = await Promise.all([
    everyId((query) => asking.read(managementApi, listInvitations, { params, query })),
    everyId((query) => asking.read(managementApi, listMembers, { params, query })),
    everyId((query) =>
      asking.read(managementApi, listConnectors, { params: { ...params, memberId: serverSite.id }, query }),
    ),
  ]);
  const isMember = memberId !== '' && !removed;
  const listeners = isMember
    ? await everyId((query) => asking.read(managementApi, listListeners, { params: { ...params, memberId }, query }))
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

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

/** A long run makes more than one page. */
async function everyId(page: (query: { limit: number; cursor?: string }) => Promise<Page>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await page({ limit: 500, ...(cursor !== undefined && { cursor }) });
    ids.push(...items.map(({ id }) => id));
    if (next === null) return ids;
    cursor = next;
  }
}
