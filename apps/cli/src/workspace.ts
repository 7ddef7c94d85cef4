import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// Paths from the first folder of this app: `dist` and `bundle` are as deep as `src`.

/** The version of the package, from its manifest beside the build. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;

/** The program that runs a site, where the workspace builds it. */
export const SUPERVISOR = fileURLToPath(new URL('../../site-controller/bundle/supervisor.js', import.meta.url));
