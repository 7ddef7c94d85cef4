/** Where the shell gets the time from. Pure code gets it with its input. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
