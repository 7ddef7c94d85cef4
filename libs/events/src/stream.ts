/**
 * A stream is one aggregate's events on one exact subject, `caravan.evt.<context>.<aggregate>.<id>`. The type of an event is
 * never part of it: compare-and-set works on an exact subject only (ADR 1).
 */
export interface StreamCategory {
  /** Who may write: subject permissions are given by context. */
  readonly context: 'topology' | 'membership' | 'trust' | 'trust-change' | 'operations';
  readonly aggregate: string;
}

/** An exact subject. */
export type StreamName = `caravan.evt.${string}.${string}.${string}`;

export const LOG_SUBJECTS = 'caravan.evt.>';

const token = /^[A-Za-z0-9_-]{1,128}$/;

/** @throws RangeError when `id` is not one subject token: nothing a user types may widen a subject. */
export const streamName = ({ context, aggregate }: StreamCategory, id: string): StreamName => {
  if (!token.test(id)) throw new RangeError(`not a stream id: ${JSON.stringify(id)} (letters, digits, - and _ only)`);
  return `caravan.evt.${context}.${aggregate}.${id}`;
};

/** What the names of all streams of a category begin with. */
export const streamPrefix = ({ context, aggregate }: StreamCategory): string => `caravan.evt.${context}.${aggregate}.`;

/** All streams of a category, as a filter. */
export const categorySubjects = (category: StreamCategory): string => `${streamPrefix(category)}*`;

/** All streams of a context, as a subscription or a permission. */
export const contextSubjects = (context: string): string => `caravan.evt.${context}.>`;

export interface ParsedStreamName {
  readonly context: string;
  readonly aggregate: string;
  readonly id: string;
}

export const parseStreamName = (name: string): ParsedStreamName | undefined => {
  const [caravan, evt, context, aggregate, id, ...rest] = name.split('.');
  if (caravan !== 'caravan' || evt !== 'evt' || !context || !aggregate || !id || rest.length > 0) return undefined;
  return { context, aggregate, id };
};
