import type { EventStore } from '@caravan/event-store';
import type { StreamName } from '@caravan/events';
import { accessPointProjection } from '../backbones/access-point.projection.js';
import { backboneSiteProjection } from '../backbones/backbone-site.projection.js';
import { backboneProjection } from '../backbones/backbone.projection.js';
import { linkProjection } from '../backbones/link.projection.js';
import { claimProjection } from '../invitations/claim.projection.js';
import { invitationProjection } from '../invitations/invitation.projection.js';
import { connectorProjection, listenerProjection } from '../members/endpoint.projection.js';
import { memberProjection } from '../members/member.projection.js';
import { networkProjection } from '../networks/network.projection.js';
import type { NetworkRow } from '../networks/network.projection.js';
import { siteClassProjection } from '../networks/site-class.projection.js';
import { audit } from './audit.fixture.js';
import { demand, same } from './demands.fixture.js';
import type { Desk } from './desk.fixture.js';
import { aggregateNames, deciderOf } from './processes.fixture.js';
import type { Faults } from './processes.fixture.js';
import { namesAreUnique } from './unique-names.fixture.js';
import { those } from './world.fixture.js';

/** What must hold when everything that was begun has come to its end. */
export async function checkInvariants(desk: Desk, store: EventStore, faults: Faults): Promise<void> {
  await statesAreFoldsOfTheirStreams(desk, store, faults);
  listsAreTheModel(desk);
  parentsAndChildrenAgree(desk);
  namesAreUnique(desk);
  audit(desk.referee.log, demand);
}

/** What a process remembers of a stream is what all its events come to, up to where it has looked. */
async function statesAreFoldsOfTheirStreams({ processes }: Desk, store: EventStore, faults: Faults): Promise<void> {
  for (const { caches } of processes) {
    for (const name of aggregateNames) {
      const decider = deciderOf(name, faults);
      for (const stream of caches[name].streams) {
        const remembered = caches[name].look(stream);
        if (!remembered) continue;
        const { events } = await store.read(stream as StreamName, { upTo: remembered.revision });
        let state = decider.initial();
        for (const event of events) state = decider.evolve(state, event);
        same(`what is remembered of ${stream}`, remembered.state, state);
      }
    }
  }
}

function listsAreTheModel({ lists, world }: Desk): void {
  const of = <R extends object>(projection: Parameters<typeof lists.rows<R>>[0], ...columns: (keyof R)[]) =>
    Object.fromEntries(
      [...lists.rows(projection)].map(([id, row]) => [
        id,
        Object.fromEntries(columns.map((name) => [name, row[name]])),
      ]),
    );
  const from = <T>(things: ReadonlyMap<string, T>, row: (thing: T) => object | boolean | undefined) =>
    Object.fromEntries([...things].flatMap(([id, thing]) => (row(thing) === undefined ? [] : [[id, row(thing)]])));
  same(
    'the list of backbones',
    of(backboneProjection, 'name'),
    from(world.backbones, ({ name, gone }) => (gone ? undefined : { name })),
  );
  same(
    'the list of sites',
    of(backboneSiteProjection, 'backboneId', 'name'),
    from(world.sites, ({ backbone, name }) => ({ backboneId: backbone, name })),
  );
  same(
    'the list of access points',
    of(accessPointProjection, 'backboneId', 'siteId', 'name', 'kind', 'bindHost', 'bindPort', 'host', 'port'),
    from(world.accessPoints, ({ backbone, site, by: _, ...rest }) => ({ backboneId: backbone, siteId: site, ...rest })),
  );
  same(
    'the list of links',
    of(linkProjection, 'backboneId', 'siteId', 'acceptingSiteId', 'accessPointId', 'cost'),
    from(world.links, ({ backbone, from: siteId, to, accessPoint, cost }) => {
      return { backboneId: backbone, siteId, acceptingSiteId: to, accessPointId: accessPoint, cost };
    }),
  );
  same(
    'the list of networks',
    of(networkProjection, 'backboneId', 'name', 'startsAt', 'endsAt', 'deleteAfterSeconds'),
    from(world.networks, ({ backbone, name, startsAt, endsAt, deleteAfterSeconds }) => {
      return { backboneId: backbone, name, startsAt, endsAt, deleteAfterSeconds };
    }),
  );
  const facts = ({ suspendedAt, endedAt, revokedAt, deletedAt }: NetworkRow) =>
    [suspendedAt, endedAt, revokedAt, deletedAt].map((at) => at !== null);
  same(
    'which networks are suspended, over, revoked and gone',
    Object.fromEntries([...lists.rows(networkProjection)].map(([id, row]) => [id, facts(row)])),
    from(world.networks, ({ suspended, over, revoked, gone }) => [suspended, over !== 'no', revoked, gone]),
  );
  const leaving = those(world.networks, ({ over, revoked, gone }) => !gone && (revoked || over === 'deleting'));
  same('what is left of networks that are taken apart', leaving, []);
  same(
    'the list of classes',
    of(siteClassProjection, 'networkId', 'name'),
    from(world.classes, ({ network, name }) => ({ networkId: network, name })),
  );
  same(
    'the list of invitations',
    of(
      invitationProjection,
      'networkId',
      'name',
      'namePrefix',
      'deadline',
      'instanceLimit',
      'siteClasses',
      'approval',
      'interactive',
      'asks',
      'claims',
      'awaited',
      'status',
    ),
    from(world.invitations, ({ terms, is, claims: all }) => {
      const { networkId, name, namePrefix, deadline, instanceLimit, siteClasses, approval, interactive, asks } = terms;
      if (is === 'gone') return undefined;
      const claims = those(all, (claim) => claim.is === 'member' || claim.is === 'gone').length;
      const awaited = those(all, (claim) => claim.is === 'awaited').length;
      const offer = { networkId, name, namePrefix, deadline, instanceLimit, siteClasses, approval, interactive, asks };
      return { ...offer, claims, awaited, status: is };
    }),
  );
  const claimed = [...world.invitations].flatMap(([invitationId, { claims }]) =>
    [...claims.values()].map(({ member, name, is }) => [member, { invitationId, name, status: is }] as const),
  );
  same('the list of claims', of(claimProjection, 'invitationId', 'name', 'status'), Object.fromEntries(claimed));
  same(
    'the list of members',
    of(memberProjection, 'networkId', 'invitationId', 'name', 'siteClasses'),
    from(world.members, ({ network, invitation, name, classes, gone }) => {
      return gone ? undefined : { networkId: network, invitationId: invitation, name, siteClasses: classes };
    }),
  );
  const endpoint = ({ member, ...rest }: { member: string }) => ({ memberId: member, ...rest });
  same(
    'the list of listeners',
    of(listenerProjection, 'memberId', 'address', 'host', 'port'),
    from(world.listeners, endpoint),
  );
  same(
    'the list of connectors',
    of(connectorProjection, 'memberId', 'address', 'host', 'port'),
    from(world.connectors, endpoint),
  );
}

/** What is decided on a parent's stream and what it opened say the same. */
function parentsAndChildrenAgree({ world, referee: { log } }: Desk): void {
  const dataOf = (type: string, id: string) =>
    new Map(
      log.filter((event) => event.type === type).map(({ data }) => [(data as Record<string, string>)[id]!, data]),
    );
  for (const [parent, child, id] of [
    ['NetworkPlaced', 'NetworkCreated', 'networkId'],
    ['InvitationListed', 'InvitationIssued', 'invitationId'],
  ] as const) {
    same(`what ${child} says`, dataOf(child, id), dataOf(parent, id));
  }
  for (const [id, { gone }] of world.networks)
    demand(world.placed.has(id) === !gone, 'a network is placed while it is there', id);
  for (const [id, { is }] of world.invitations)
    demand(world.listed.has(id) === (is !== 'gone'), 'an invitation is listed while it is there', id);
  const claims = [...world.invitations].flatMap(([invitation, { claims }]) =>
    those(claims, ({ is }) => is === 'member' || is === 'gone').map((claim) => ({ invitation, ...claim })),
  );
  demand(claims.length === world.members.size, 'each claim has its member', claims.length);
  for (const { member, name, is, invitation } of claims) {
    const { name: called, gone: removed, invitation: by } = world.members.get(member) ?? {};
    same('the member of a claim', { called, removed, by }, { called: name, removed: is === 'gone', by: invitation });
  }
}
