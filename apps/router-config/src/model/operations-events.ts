import { LogEntryPassedOver, QuarantinedEntryDiscarded, QuarantinedEntryRetried } from '@caravan/events';
import type { LogEntryEvent, QuarantinedEntryEvent } from '@caravan/events';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';

/** What an operator decided about the log itself; no site should be anything for it. */
export const onOperations: HandlersOf<LogEntryEvent | QuarantinedEntryEvent> = {
  [LogEntryPassedOver.type]: nothing,
  [QuarantinedEntryRetried.type]: nothing,
  [QuarantinedEntryDiscarded.type]: nothing,
};
