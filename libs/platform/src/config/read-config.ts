import { z } from 'zod';

/** One variable that keeps a service from starting. */
export interface WrongVariable {
  readonly variable: string;
  /** What is wrong with it; never its value, which may be a secret. */
  readonly says: string;
  /** What it is for and what it should look like. */
  readonly remedy: string | undefined;
}

/** The environment does not say what a service needs. Ends the process with 78, EX_CONFIG of sysexits.h. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly exitCode = 78;

  constructor(readonly wrong: readonly WrongVariable[]) {
    super(wrong.map(({ variable, says, remedy }) => `${variable} ${says}${remedy ? `: ${remedy}` : ''}`).join('\n'));
  }
}

/**
 * Reads a service's configuration from the environment. An empty variable counts as absent, since that is how Compose files
 * and unit files say "not set".
 *
 * @param variables an object schema whose keys are the variables; `.describe()` of each is its remedy
 * @throws ConfigurationError that names every wrong variable at once
 */
export function readConfig<Config>(variables: z.ZodType<Config>, environment: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const shape = variables instanceof z.ZodObject ? (variables.shape as Record<string, z.ZodType | undefined>) : {};
  const parsed = variables.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map(({ path, message }) => {
      const variable = String(path[0] ?? 'the environment');
      return {
        variable,
        says: variable in present ? `is wrong (${message})` : 'is missing',
        remedy: shape[variable]?.description,
      };
    }),
  );
}
