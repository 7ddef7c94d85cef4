import type { FoldStatus, ProjectionStatus } from '@caravan/event-store/jetstream';
import type { ConsumerLook } from './consumers.js';

/** A fold that is live, or a projection, in the words that all consumers share. */
export const lookAt = ({ status, position }: FoldStatus | ProjectionStatus): ConsumerLook => ({
  status: status === 'live' ? 'running' : status,
  position,
});
