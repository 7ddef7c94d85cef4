import { z } from 'zod';

/** RFC 9457 problem details. `code` is stable; `detail` says what, where and the remedy, in words that may change. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_TYPE_BASE = 'urn:caravan:problem:';

/** The log position: on answers to writes, where it took effect; on requests that read, what must have been seen first. */
export const POSITION_HEADER = 'caravan-position';
export const IDEMPOTENCY_HEADER = 'idempotency-key';
