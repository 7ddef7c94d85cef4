import type { CommandMetadata } from '@caravan/event-store';

/** Who asks, without the command id: that follows from what is established. */
export type Cause = Omit<CommandMetadata, 'commandId'>;
