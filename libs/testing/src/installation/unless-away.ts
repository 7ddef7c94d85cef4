import { ApiError } from '@caravan/api';

/** What the API answers; undefined while it is away, as it is where whoever answers was killed. Any other refusal is one. */
export const unlessAway = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    const isAway = error instanceof ApiError ? error.problem.status >= 500 : error instanceof TypeError;
    if (isAway) return undefined;
    throw error;
  });
