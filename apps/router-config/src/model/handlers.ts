import type { Event } from '@caravan/events';
import type { Affected } from './affected.js';
import type { Model } from './model.js';

/**
 * What each event of a union does to the model and whom it affects. Every event has its entry: the compiler refuses a table that
 * leaves one out. An event about something that is not there changes nothing.
 */
export type HandlersOf<E extends Event> = {
  readonly [Each in E as Each['type']]: (model: Model, data: Each['data'], affected: Affected) => void;
};

/** For events that no desired state depends on. */
export const nothing = (): void => undefined;
