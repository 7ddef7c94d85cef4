import { z } from 'zod';

/** Asked inside the management account only: each replica of a service says how it is. */
export const healthSubject = (service: string) => `caravan.health.${service}` as const;

/**
 * One thing that can go wrong, and how it is. `away`: what it needs does not answer; `degraded`: it works, and not as it should;
 * `says`, `remedy`: in words; `code`: for programs, as of a refusal.
 */
export const conditionSchema = z.object({
  component: z.string(),
  status: z.enum(['ok', 'degraded', 'away']),
  says: z.string(),
  /** ISO-8601 UTC, when it was first seen to be so; null: nothing is wrong. */
  since: z.string().nullable(),
  remedy: z.string().nullable(),
  code: z.string().nullable(),
});
export type ReportedCondition = z.infer<typeof conditionSchema>;

/** How far a consumer of the log is. `behind`: how many entries it has still to deal with; null: not known now. */
export const followerStateSchema = z.object({
  name: z.string(),
  kind: z.enum(['projection', 'fold', 'reaction']),
  status: z.enum(['running', 'catching-up', 'standby', 'rebuilding', 'halted', 'stopped']),
  position: z.int().nullable(),
  behind: z.int().nullable(),
});
export type FollowerState = z.infer<typeof followerStateSchema>;

/** Fields that a newer replica adds are passed over: services of two versions work side by side during an upgrade. */
export const selfReportSchema = z.object({
  service: z.string(),
  version: z.string(),
  startedAt: z.string(),
  conditions: z.array(conditionSchema),
  followers: z.array(followerStateSchema),
});
export type SelfReport = z.infer<typeof selfReportSchema>;
