import type { z } from 'zod';
import type { StreamCategory } from './stream.js';

/** A fact of a stream: what it is called, which version of its schema it was written in, and what it says. */
export interface Event<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly version: number;
  readonly data: Data;
}

/**
 * The one declaration of an event. Calling it makes an event of the current version: `InvitationRevoked({ invitationId })`.
 * `InvitationRevoked.type` is the only place where the name is written.
 */
export interface EventType<Type extends string, Data> {
  (data: Data): Event<Type, Data>;
  readonly type: Type;
  readonly version: number;
  readonly category: StreamCategory;
  readonly schema: z.ZodType<Data>;
  /** `upcasters[n]` turns the data of version n into that of version n + 1. */
  readonly upcasters: Readonly<Record<number, (data: never) => unknown>>;
}

/** The event made by an event type; of a tuple of event types, their union. */
export type EventOf<T> =
  T extends EventType<infer Type, infer Data>
    ? Event<Type, Data>
    : T extends readonly (infer Each)[]
      ? Each extends unknown
        ? EventOf<Each>
        : never
      : never;

interface Declaration<Type extends string, Data> {
  type: Type;
  version?: number;
  schema: z.ZodType<Data>;
  upcasters?: Record<number, (data: never) => unknown>;
}

/** Declares the events of one stream category. */
export const eventsOf =
  (category: StreamCategory) =>
  <Type extends string, Data>(declaration: Declaration<Type, Data>): EventType<Type, Data> => {
    const version = declaration.version ?? 1;
    const make = (data: Data): Event<Type, Data> => ({ type: declaration.type, version, data });
    return Object.assign(make, {
      type: declaration.type,
      version,
      category,
      schema: declaration.schema,
      upcasters: declaration.upcasters ?? {},
    });
  };
