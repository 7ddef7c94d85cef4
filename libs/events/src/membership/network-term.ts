import { z } from 'zod';
import { timeSchema } from '../vocabulary.js';

/** Thirty days, in seconds. */
export const DELETE_AFTER_SECONDS = 30 * 86_400;

/** From when until when a network is, and how long what it was can be looked at before it is taken apart. */
export const termSchema = {
  startsAt: timeSchema,
  endsAt: timeSchema.nullable(),
  /** Counted from its end; ten years at most. */
  deleteAfterSeconds: z
    .int()
    .min(0)
    .max(3_653 * 86_400),
};

/** Networks of before stayed until somebody deleted them. */
export const withDefaultDelay = (data: object): object => ({ ...data, deleteAfterSeconds: DELETE_AFTER_SECONDS });
