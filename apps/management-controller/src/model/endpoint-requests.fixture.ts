import { derivedId } from '@caravan/platform/ids';
import { csr, linkCertificate } from '../example.fixture.js';
import type { MemberCommand } from '../members/member.js';
import type { Desk } from './desk.fixture.js';
import { claimants, pick } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';

const ADDRESSES = ['inventory', 'orders', 'inventory', 'orders', 'caravan.control'];
const HOSTS = ['127.0.0.1', '127.0.0.1', '0.0.0.0', '::', 'localhost'];
const PORTS = [8_001, 8_002, 8_003, 8_004];

type Plain<Command> = Command extends unknown ? Omit<Command, 'metadata'> : never;

const kindOf = (
  kind: string,
  weight: number,
  make: (desk: Desk, dice: readonly number[], memberId: string, id: string) => Plain<MemberCommand>,
): Kind => ({
  kind,
  weight,
  make(desk, dice) {
    const commandId = desk.nextCommandId();
    const [which = 0, ...rest] = dice;
    const living = new Map([...desk.world.members].filter(([, { gone }]) => !gone || which % 9 === 0));
    const command = make(desk, rest, pick(living, which), derivedId(kind, commandId));
    return {
      kind,
      run: ({ deciders }, now, actor) =>
        deciders.member({ ...command, metadata: desk.metadata(commandId, now, actor) }),
    };
  },
});

const endpointOf = ([address = 0, host = 0, port = 0]: readonly number[]) => ({
  address: ADDRESSES[address % ADDRESSES.length]!,
  host: HOSTS[host % HOSTS.length]!,
  port: PORTS[port % PORTS.length]!,
});

/** Only some of it is to change. */
const changesOf = (dice: readonly number[]) => {
  const { address, host, port } = endpointOf(dice);
  const [, , , what = 0] = dice;
  return { ...(what & 1 && { address }), ...(what & 2 && { host }), ...(what & 4 && { port }) };
};

/** One of the member's; now and then another's. */
function pickOwn(things: Desk['world']['listeners'], memberId: string, die: number): string {
  const own = new Map([...things].filter(([, { member }]) => member === memberId || die % 11 === 0));
  return pick(own, die);
}

export const endpointKinds: readonly Kind[] = [
  kindOf('require certificate', 2, (_, [ordinal = 0], memberId) => ({
    type: 'RequireMemberCertificate',
    memberId,
    ordinal: 2 + (ordinal % 3),
  })),
  kindOf('renew certificate', 3, (_, [ordinal = 0, who = 0], memberId, certificateId) => ({
    type: 'RequestMemberCertificate',
    memberId,
    certificateId,
    ordinal: 2 + (ordinal % 2),
    claimantKey: claimants[who % claimants.length]!.key,
    csr,
  })),
  kindOf('supply link certificates', 1, (_, [which = 0], memberId) => ({
    type: 'SupplyMemberLinkCertificates',
    memberId,
    linkCertificates: ['a', 'b'].slice(which % 3).map(linkCertificate),
  })),
  kindOf('open listener', 7, (_, dice, memberId, listenerId) => ({
    type: 'OpenListener',
    memberId,
    listenerId,
    ...endpointOf(dice),
  })),
  kindOf('change listener', 4, ({ world }, dice, memberId) => {
    const listenerId = pickOwn(world.listeners, memberId, dice[4] ?? 0);
    return { type: 'ChangeListener', memberId, listenerId, ...changesOf(dice) };
  }),
  kindOf('close listener', 2, ({ world }, [die = 0], memberId) => {
    return { type: 'CloseListener', memberId, listenerId: pickOwn(world.listeners, memberId, die) };
  }),
  kindOf('open connector', 7, (_, dice, memberId, connectorId) => ({
    type: 'OpenConnector',
    memberId,
    connectorId,
    ...endpointOf(dice),
  })),
  kindOf('change connector', 4, ({ world }, dice, memberId) => {
    const connectorId = pickOwn(world.connectors, memberId, dice[4] ?? 0);
    return { type: 'ChangeConnector', memberId, connectorId, ...changesOf(dice) };
  }),
  kindOf('close connector', 2, ({ world }, [die = 0], memberId) => {
    return { type: 'CloseConnector', memberId, connectorId: pickOwn(world.connectors, memberId, die) };
  }),
];

/** Opens endpoints of one kind one after the other, or adds classes: a member, or a network, may have so many and no more. */
export const crowdedKind: Kind = {
  kind: 'open many',
  weight: 0,
  make(desk, [which = 0]) {
    const commandId = desk.nextCommandId();
    const living = new Map([...desk.world.members].filter(([, { gone }]) => !gone));
    const memberId = pick(living, which);
    const goingOn = new Map([...desk.world.networks].filter(([, { gone, endsAt }]) => !gone && endsAt === null));
    const networkId = pick(goingOn, which);
    return {
      kind: 'open many',
      async run({ deciders }, now, actor) {
        for (let n = 0; n < 66; n++) {
          const id = derivedId('crowd', commandId, String(n));
          const metadata = desk.metadata(`${commandId}-${n}`, now, actor);
          const endpoint = { address: 'crowd', host: '127.0.0.1', port: 10_000 + n, memberId, metadata };
          const name = `crowd-${n}`;
          if (which % 5 === 0) {
            await deciders.network({ type: 'AddSiteClass', networkId, siteClassId: id, name, metadata });
          } else if (which % 2 === 0) await deciders.member({ type: 'OpenListener', listenerId: id, ...endpoint });
          else await deciders.member({ type: 'OpenConnector', connectorId: id, ...endpoint });
        }
      },
    };
  },
};
