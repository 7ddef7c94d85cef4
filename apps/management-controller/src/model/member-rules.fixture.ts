import { assertNever } from '@caravan/event-store';
import type { MemberCommand } from '../members/member.js';
import { does, nothing, refused } from './world.fixture.js';
import type { Endpoint, Verdict, World } from './world.fixture.js';

const MOST = 48;

export function verdictOnMember(world: World, command: MemberCommand): Verdict {
  const { memberId } = command;
  const member = world.members.get(memberId);
  const { listeners, connectors } = world;
  if (command.type === 'AdmitMember') {
    if (member) return nothing;
    const { networkId: network, invitationId: invitation, name, siteClasses: classes } = command.admission;
    const admitted = { network, invitation, name, classes, gone: false };
    return does('MemberAdmitted', () => world.members.set(memberId, admitted));
  }
  if (!member || member.gone) return refused('member.unknown');
  switch (command.type) {
    case 'RemoveMember': {
      if (command.networkId !== member.network) return refused('member.unknown');
      const [heard, served] = [idsOf(listeners, memberId), idsOf(connectors, memberId)];
      return {
        does: [...heard.map(() => 'ListenerClosed'), ...served.map(() => 'ConnectorClosed'), 'MemberRemoved'],
        then: () => {
          for (const id of heard) listeners.delete(id);
          for (const id of served) connectors.delete(id);
          member.gone = true;
        },
      };
    }
    case 'RequireMemberCertificate': {
      const { ordinal } = command;
      return ordinal <= (member.due ?? 1)
        ? nothing
        : does('MemberCertificateDue', () => Object.assign(member, { due: ordinal }));
    }
    case 'RequestMemberCertificate': {
      const renewal = `${command.ordinal} ${command.claimantKey}`;
      return member.renewal === renewal
        ? nothing
        : does('MemberCertificateRequested', () => Object.assign(member, { renewal }));
    }
    case 'SupplyMemberLinkCertificates': {
      const supplied = command.linkCertificates.map(({ linkId }) => linkId).join();
      return (member.supplied ?? '') === supplied
        ? nothing
        : does('MemberLinkCertificatesSupplied', () => Object.assign(member, { supplied }));
    }
    case 'OpenListener':
    case 'ChangeListener':
    case 'CloseListener': {
      const opened = command.type === 'OpenListener';
      return verdictOnEndpoint(listeners, command.listenerId, 'listener', command, opened, (wanted, id) => {
        const port = others(listeners, memberId, id).filter((each) => each.port === wanted.port);
        const everywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';
        const taken = port.some(({ host }) => host === wanted.host || everywhere(host) || everywhere(wanted.host));
        return taken ? refused('listener.port-taken') : undefined;
      });
    }
    case 'OpenConnector':
    case 'ChangeConnector':
    case 'CloseConnector': {
      const opened = command.type === 'OpenConnector';
      return verdictOnEndpoint(connectors, command.connectorId, 'connector', command, opened, (wanted, id) => {
        const same = others(connectors, memberId, id).some((each) => textOf(each) === textOf(wanted));
        return same ? refused('connector.exists-already') : undefined;
      });
    }
    default:
      return assertNever(command);
  }
}

type Wanted = Omit<Endpoint, 'member'>;

/** Opens, changes and closes are the same for both kinds but for what may not stand beside each other. */
function verdictOnEndpoint(
  endpoints: Map<string, Endpoint>,
  id: string,
  kind: 'listener' | 'connector',
  command: { readonly type: string; readonly memberId: string } & Partial<Wanted>,
  opened: boolean,
  clash: (wanted: Wanted, id: string) => Verdict | undefined,
): Verdict {
  const { memberId: member, type } = command;
  const fact = kind === 'listener' ? 'Listener' : 'Connector';
  const found = endpoints.get(id);
  const known = found?.member === member ? found : undefined;
  const reserved = (address: string): boolean => address === 'caravan.control';
  if (opened) {
    if (known) return nothing;
    if (idsOf(endpoints, member).length >= MOST) return refused(`${kind}.too-many`);
    const { address = '', host = '', port = 0 } = command;
    if (reserved(address)) return refused(`${kind}.address-reserved`);
    const wanted = { address, host, port };
    return clash(wanted, id) ?? does(`${fact}Opened`, () => endpoints.set(id, { member, ...wanted }));
  }
  if (!known) return refused(`${kind}.unknown`);
  if (type.startsWith('Close')) return does(`${fact}Closed`, () => endpoints.delete(id));
  const { address = known.address, host = known.host, port = known.port } = command;
  if (reserved(address)) return refused(`${kind}.address-reserved`);
  const no = clash({ address, host, port }, id);
  if (no) return no;
  if (textOf({ address, host, port }) === textOf(known)) return nothing;
  return does(`${fact}Changed`, () => Object.assign(known, { address, host, port }));
}

const idsOf = (endpoints: ReadonlyMap<string, Endpoint>, member: string): string[] =>
  [...endpoints].filter(([, each]) => each.member === member).map(([id]) => id);
const others = (endpoints: ReadonlyMap<string, Endpoint>, member: string, but: string): Endpoint[] =>
  [...endpoints].filter(([id, each]) => each.member === member && id !== but).map(([, each]) => each);
const textOf = ({ address, host, port }: Wanted): string => `${address} ${host} ${port}`;
