import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { BaseRpcContext } from '@nestjs/microservices';
import type { Event } from '@caravan/events';
import { causeOf } from '@caravan/event-store';
import type { CommandMetadata, RecordedEvent } from '@caravan/event-store';
import type { Clock } from '../clock/index.js';
import type { Service } from '../service/index.js';

/** The context of a reaction's handler; `@Payload()` is the event's data alone. */
export class ReactionContext extends BaseRpcContext<[RecordedEvent]> {
  get event(): RecordedEvent {
    return this.args[0];
  }
}

/** `@Recorded() event: RecordedEvent<EventOf<typeof MemberAdmitted>>`: the event as it stands in the log. */
export const Recorded: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): RecordedEvent => context.switchToRpc().getContext<ReactionContext>().event,
);

/** Who, when and why of what a reaction does about an event: the service, now, because of it. */
export type ConsequenceMetadata = Omit<CommandMetadata, 'commandId'>;

/**
 * The metadata of a command that follows from an event, but for its id: derive that from the event as well
 * (`admit/${invitationId}/${claimantKey}`), so that doing it again does nothing.
 */
export function consequenceOf(
  event: RecordedEvent<Event>,
  service: Pick<Service, 'name'>,
  clock: Clock,
): ConsequenceMetadata {
  const { correlationId, traceparent, ownerGroup } = event.metadata;
  return {
    now: clock.now(),
    actor: { kind: 'service', id: service.name },
    via: 'reaction',
    source: service.name,
    correlationId,
    causationId: causeOf(event),
    ownerGroup,
    ...(traceparent !== undefined && { traceparent }),
  };
}
