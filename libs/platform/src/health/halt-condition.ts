import { remedyOf } from '@caravan/event-store';
import type { Halt } from '@caravan/event-store';
import type { Condition } from './condition.js';

/** That a consumer of the log has halted: where, why and what to do. `consequence`: what that means for others. */
export function halted(halt: Halt, consequence: string): Condition {
  const { kind, position, stream, reason } = halt;
  const before = stream === null ? `at position ${position}` : `before position ${position} (${stream})`;
  return {
    says: `halted ${before}: ${reason}. ${consequence}`,
    remedy: remedyOf(halt),
    code: kind === 'garbled' || kind === 'newer' ? 'log.undecodable' : 'consumer.halted',
  };
}
