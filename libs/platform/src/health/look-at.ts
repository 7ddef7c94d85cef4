import type { FoldStatus, ProjectionStatus } from '@caravan/event-store/jetstream';
import type { FollowerLook } from './followers.js';

/** A fold that is live, or a projection, in the words that all followers share. */
export const lookAt = ({ status, position }: FoldStatus | ProjectionStatus): FollowerLook => ({
  status: status === 'live' ? 'running' : status,
  position,
});
