/** How something is that is not as it should be, in words for whoever reads the status page. */
export interface Condition {
  /** What is wrong, and where. */
  readonly says: string;
  /** What somebody can do about it. Absent: it passes by itself. */
  readonly remedy?: string;
  /** For programs, and stable like that of a refusal: `log.diverged`. */
  readonly code?: string;
  /** `away`: what it needs does not answer. Default `degraded`: it answers, and something is not as it should be. */
  readonly status?: 'degraded' | 'away';
  /** False: the service can do its work all the same, and is ready. Default true. */
  readonly hinders?: boolean;
}
