import { readFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);

/** As released: all packages of a release have one version. */
export const VERSION = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
