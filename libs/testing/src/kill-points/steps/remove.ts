import { stepsOf } from './step.js';
import type { Step } from './step.js';

const at = stepsOf('remove');
const plane = 'management-controller';
const removed = { point: 'append.decided', about: /MemberRemoved/, by: plane } as const;
/**
 * A member that is cut off already needs not be disconnected, whoever cuts it: the backbone's relay or its own. Neither needs a nudge to
 * hear of the removal; a site that connects asks.
 */
const uncut = {
  meanwhile: [
    { point: 'configuration.received', by: 'backbone-relay' },
    { point: 'configuration.received', by: 'site-relay' },
  ],
} as const;

/** The member is removed from its network. */
export const remove: readonly Step[] = [
  at('the removal is asked for', 'api.received', plane, { about: /^DELETE .*\/members\// }),
  at('the removal is decided', 'append.decided', plane, { about: /MemberRemoved/ }, 'nats-server'),
  at('the removal is on its way to the log', 'append.decided', plane, { about: /MemberRemoved/, onItsWay: true }),
  at(
    'the removal is in the log, the invitation does not know',
    'append.acked',
    plane,
    { about: /MemberRemoved/ },
    plane,
  ),
  at('the invitation knows, nobody has an answer', 'append.acked', plane, { about: /InvitationMemberGone/ }),
  at('the removal was reacted to, not acknowledged', 'reaction.done', plane, { about: /MemberRemoved/ }, plane),
  at('the rows are removed, not committed', 'projection.written', plane, {}),
  at('it is done, nobody has an answer', 'api.answering', plane, { about: /^DELETE .*\/members\// }),
  at('the member is connected still', 'kick.due', plane, uncut, plane),
  at('the member is disconnected', 'kick.done', plane, uncut, 'nats-server'),
  at('the backbone site is to be told', 'nudge.due', 'router-config', { after: removed }),
  at(
    'the backbone has heard, and admits the member still',
    'configuration.received',
    'backbone-relay',
    {
      after: removed,
    },
    'backbone-relay',
  ),
  at(
    'the backbone admits the member no more, its controller does not know',
    'configuration.applied',
    'backbone-relay',
    {
      after: removed,
    },
  ),
];
