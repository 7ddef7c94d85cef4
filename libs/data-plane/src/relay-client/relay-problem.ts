import { z } from 'zod';

const problemSchema = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() });

/**
 * Why the relay did not do what it was asked. `relay.unavailable`: it is not there (`status` 0), ask again when it is; every
 * other code is the relay's own answer.
 */
export class RelayProblem extends Error {
  override readonly name = 'RelayProblem';

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
  }

  static unavailable(socketPath: string, cause: Error): RelayProblem {
    return new RelayProblem('relay.unavailable', 0, `no relay answers at ${socketPath}: ${cause.message}`, { cause });
  }

  static answered(status: number, body: string): RelayProblem {
    const problem = problemSchema.safeParse(parsed(body));
    if (!problem.success) return new RelayProblem('relay.unknown-answer', status, `the relay answered ${status}`);
    const { code, title, detail } = problem.data;
    return new RelayProblem(code, status, detail ?? title);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
