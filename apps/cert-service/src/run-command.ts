import { ConfigurationError } from '@caravan/platform';

/** One of this program's commands, beside running as a service: exit code 0, 78 for what the caller can mend, 70 for the rest. */
export async function runCommand(name: string, usage: string, work: () => Promise<string | void>): Promise<void> {
  try {
    process.stdout.write((await work()) ?? '');
  } catch (error) {
    const mendable = error instanceof ConfigurationError;
    const says = mendable ? `${error.message}\n\n${usage}` : `${(error as Error).stack ?? String(error)}\n`;
    process.stderr.write(`cert-service ${name}: ${says}`);
    process.exitCode = mendable ? error.exitCode : 70;
  }
}
