import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { siteCommandSchema, sitePattern } from '@caravan/events';
import type { SiteCommand, SiteCommandReply } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { CLOCK, derivedId, Message, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { endpointChanges, newEndpoint } from '../members/endpoints.js';
import type { Endpoint, MemberCommand } from '../members/member.js';
import { siteMetadata } from '../deciding/metadata.js';

/** What a participant does with their own site. The site is the subject; a member id in a payload would mean nothing. */
@Controller()
export class SiteCommandsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: CurrentDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('command'))
  async command(
    @SubjectId() siteId: string,
    @Message(siteCommandSchema) command: SiteCommand,
  ): Promise<SiteCommandReply> {
    const member = await this.directory.find(({ members }) => members, siteId);
    if (!member) {
      throw new Rejection('member.unknown', { detail: 'Only a member site has listeners and connectors.' });
    }
    const what = ['site command', siteId, command.commandId] as const;
    const metadata = siteMetadata({ kind: 'member', id: siteId }, [...what], this.clock.now());
    const { id, memberCommand } = translated({ memberId: siteId, ...member }, command, metadata);
    const { position } = await this.deciders.member(memberCommand);
    return { position, id };
  }
}

/** What is opened gets an id that follows from the site and its command: the same command again finds it. */
function translated(
  { memberId, networkId }: { readonly memberId: string; readonly networkId: string },
  asked: SiteCommand,
  metadata: CommandMetadata,
): { id: string; memberCommand: MemberCommand } {
  const about = { memberId, metadata };
  switch (asked.command) {
    case 'open-listener': {
      const listenerId = derivedId('listener', metadata.commandId);
      return { id: listenerId, memberCommand: { type: 'OpenListener', ...about, listenerId, ...opened(asked) } };
    }
    case 'change-listener': {
      const { listenerId } = asked;
      return {
        id: listenerId,
        memberCommand: { type: 'ChangeListener', ...about, listenerId, ...endpointChanges(asked) },
      };
    }
    case 'close-listener': {
      const { listenerId } = asked;
      return { id: listenerId, memberCommand: { type: 'CloseListener', ...about, listenerId } };
    }
    case 'open-connector': {
      const connectorId = derivedId('connector', metadata.commandId);
      return { id: connectorId, memberCommand: { type: 'OpenConnector', ...about, connectorId, ...opened(asked) } };
    }
    case 'change-connector': {
      const { connectorId } = asked;
      return {
        id: connectorId,
        memberCommand: { type: 'ChangeConnector', ...about, connectorId, ...endpointChanges(asked) },
      };
    }
    case 'close-connector': {
      const { connectorId } = asked;
      return { id: connectorId, memberCommand: { type: 'CloseConnector', ...about, connectorId } };
    }
    case 'leave':
      return { id: memberId, memberCommand: { type: 'RemoveMember', ...about, networkId } };
    default:
      return assertNever(asked);
  }
}

const opened = <Tls>({ address, host, port, tls = null }: Endpoint & { readonly tls?: Tls | null }) =>
  newEndpoint({ address, host, port, tls });
