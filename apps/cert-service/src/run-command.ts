import { ConfigurationError } from '@caravan/platform';

/** One of this program's commands, beside running as a service: exit code 0, 78 for what the caller can mend, 70 for the rest. */
export async function runCommand(name: string, usage: string, work: () => Promise<string | void>): Promise<void> {
  try {
    process.stdout.write((await work()) ?? '');
  } catch (error) {
    const mendable = error instanceof ConfigurationError;
    // What to do comes last: whoever shows the end of a log shows that.
    const says = mendable ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${mendable ? `${usage}\n` : ''}cert-service ${name}: ${says}\n`);
    process.exitCode = mendable ? error.exitCode : 70;
  }
}
