import { createRequire } from 'node:module';

/** The version of the package, from its manifest beside the build. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
